/// What became of the invoices of a period that a payment was tried for.
package struct PaymentCounts: Sendable, Hashable {
  package var attempts: Int64 = 0
  package var paid: Int64 = 0
  /// Invoices whose first attempt failed.
  package var failedAtFirst: Int64 = 0
  package var recovered: Int64 = 0

  package init() {}

  package var success: Ratio { Ratio(part: paid, whole: attempts) }
  package var failure: Ratio { Ratio(part: attempts - paid, whole: attempts) }
  package var recovery: Ratio { Ratio(part: recovered, whole: failedAtFirst) }
}
