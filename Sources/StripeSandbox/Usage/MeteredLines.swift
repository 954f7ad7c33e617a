import Basics

/// What usage costs: the lines of the metered prices of a subscription.
enum MeteredLines {
  /// The lines for a period that is over.
  static func lines(
    of subscription: JSONObject, in period: BillingPeriod, _ call: Call
  ) throws -> [InvoiceLine] {
    []
  }
}
