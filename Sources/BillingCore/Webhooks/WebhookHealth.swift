package import Basics

/// What became of Stripe's events, day by day, and what is wrong now.
package struct WebhookHealth: Sendable, Hashable {
  /// One day, by the moments at which things happened at Stripe.
  package struct Day: Sendable, Hashable {
    package var start: Timestamp
    /// Applied, or kept because nothing here has to do with them.
    package var settled: Int64 = 0
    package var waiting: Int64 = 0
    package var failed: Int64 = 0
  }

  /// Without gaps, the last one today.
  package var days: [Day]
  /// All that wait or failed, however old.
  package var waiting: Int64 = 0
  package var failed: Int64 = 0
  /// The newest of those that failed.
  package var failures: [InboxEvent] = []

  package init(days: [Day]) { self.days = days }

  package var settled: Int64 { days.reduce(0) { $0 + $1.settled } }
}
