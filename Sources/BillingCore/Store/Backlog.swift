package import Basics

/// How much of something waits, and since when.
package struct Backlog: Sendable, Hashable {
  package let count: Int
  /// Of what has waited longest; nil where nothing waits.
  package let oldest: Timestamp?
}
