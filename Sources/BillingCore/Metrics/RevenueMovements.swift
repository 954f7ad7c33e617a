/// How what customers bring in a year changed within a period: each customer is compared with
/// itself, at the start and at the end.
package struct RevenueMovements: Sendable, Hashable {
  package var start: Int64 = 0
  package var end: Int64 = 0
  package var new: Int64 = 0
  package var expansion: Int64 = 0
  package var contraction: Int64 = 0
  package var churn: Int64 = 0
  package var reactivation: Int64 = 0
  /// What those who brought something at the start bring at the end.
  package var retained: Int64 = 0
  package var customersAtStart: Int64 = 0
  package var customersAtEnd: Int64 = 0
  package var churnedCustomers: Int64 = 0
  /// Who brought something 30 days before the end and brings nothing at it.
  package var churnedInThirtyDays: Int64 = 0

  package init() {}
}
