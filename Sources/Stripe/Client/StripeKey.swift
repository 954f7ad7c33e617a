package import Basics

/// A secret or restricted API key; a publishable key is refused where it is parsed.
package struct StripeKey: Sendable, Hashable {
  package enum Mode: String, Sendable { case test, live }

  package let secret: Secret
  package let mode: Mode
  package let isRestricted: Bool
}
