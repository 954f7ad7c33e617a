package import Basics

/// A secret or restricted API key; a publishable key is refused where it is parsed.
package struct StripeKey: Sendable, Hashable {
  package enum Mode: String, Sendable { case test, live }

  /// Why a text is no key with which the API can be called.
  package enum InvalidKey: String, Error, Sendable, Hashable {
    case publishable = "a publishable key (pk_…) cannot be used here: it is for browsers"
    case malformed = "not a secret key (sk_test_…, sk_live_…) or a restricted one (rk_…)"
  }

  package static let maximumLength = 500

  package let secret: Secret
  package let mode: Mode
  package let isRestricted: Bool

  package init(parsing text: String) throws(InvalidKey) {
    guard !text.hasPrefix("pk_") else { throw .publishable }
    let parts = text.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "sk" || parts[0] == "rk",
      let mode = Mode(rawValue: String(parts[1])), !parts[2].isEmpty,
      text.utf8.count <= Self.maximumLength, text.utf8.allSatisfy(Self.isAllowed)
    else { throw .malformed }
    self.secret = Secret(text)
    self.mode = mode
    self.isRestricted = parts[0] == "rk"
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

extension StripeKey: CustomStringConvertible {
  /// Redacted, as `Secret` shows itself.
  package var description: String { secret.redacted }
}
