/// Whether the totals of usage are what the events come to, and the levels what their changes do.
package struct UsageAudit: Sendable, Hashable {
  /// One total that is not what the events come to.
  package struct Difference: Sendable, Hashable {
    package let customerID: String
    /// The meter, or the level.
    package let meterID: String
    /// What was held against each other: `day`, `period`, `lifetime`, `level`.
    package let span: String
    package let expected: Int64
    package let found: Int64
  }

  package let events: Int64
  package let differences: [Difference]
}
