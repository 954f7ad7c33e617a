import Stripe

extension Invoice {
  /// What leads from the lines to what is due now, or to the total of a bill that is to come: how
  /// much the balance will be by then is not known. It is only shown, so sums that no bill can come
  /// to wrap around instead of ending the tool.
  func adjustments(
    _ discounts: [Discount], _ bill: ProrationPreview.Bill
  ) -> [ProrationPreview.Adjustment] {
    let listed = lines.reduce(0) { $0 &+ $1.amount }
    let name = discounts.count == 1 ? discounts[0].couponID.map { "discount \($0)" } : nil
    let all: [(ProrationPreview.Adjustment.Kind, String, Int64)] = [
      // Stripe gives the first ten with an invoice.
      (.lines, "further lines", subtotal &- listed),
      (.discount, name ?? "discounts", 0 &- discountTotal),
      (.tax, "tax", total &- subtotal &+ discountTotal),
      (.balance, balanceWords, bill == .now ? amountDue &- total : 0),
    ]
    return all.filter { $0.2 != 0 }.map {
      .init(kind: $0.0, description: $0.1, amount: $0.2, bill: bill)
    }
  }

  /// What the customer's balance has to do with it.
  package var balanceWords: String {
    if total < 0 { return "credited to the customer's balance" }
    if amountDue > total { return "owed on the customer's balance" }
    // Less than can be charged at all.
    return startingBalance < 0
      ? "paid from the customer's balance" : "carried over on the customer's balance"
  }
}
