import Basics
import Foundation

/// How the amounts of an invoice follow from its lines, its discounts and the customer's balance.
enum InvoiceArithmetic {
  struct Line: Hashable {
    var amount: Int64
    var isDiscountable = true
  }

  /// A coupon as far as arithmetic goes: a percentage or an amount.
  struct Discount: Hashable {
    var id: String
    var percentOff: Decimal?
    var amountOff: Int64?
    /// The lines to which it applies; nil for all.
    var lines: Set<Int>?
  }

  struct Totals: Hashable {
    var subtotal: Int64 = 0
    /// For each line, what each discount takes off it, in the order of the discounts.
    var lineDiscounts: [[Int64]] = []
    /// What each discount takes off in all.
    var discounts: [Int64] = []
    var total: Int64 = 0
  }

  /// Discounts are taken one after the other, each off what the one before has left, and only off
  /// lines that may be discounted and cost something.
  static func totals(
    _ lines: [Line], discounts: [Discount]
  ) throws(SandboxError) -> Totals {
    var totals = Totals()
    totals.subtotal = try Money.sum(lines.map { $0.amount })
    totals.lineDiscounts = lines.map { _ in [] }
    var left = lines.map { $0.isDiscountable ? max(0, $0.amount) : 0 }
    for discount in discounts {
      let base = left.indices.map { discount.lines?.contains($0) ?? true ? left[$0] : 0 }
      let shares = try shares(of: discount, over: base)
      for index in left.indices {
        left[index] -= shares[index]
        totals.lineDiscounts[index].append(shares[index])
      }
      totals.discounts.append(try Money.sum(shares))
    }
    totals.total = totals.subtotal - (try Money.sum(totals.discounts))
    return totals
  }

  /// What a discount takes off each line: a percentage of each, or its amount spread over them in
  /// proportion, to the last cent.
  private static func shares(
    of discount: Discount, over base: [Int64]
  ) throws(SandboxError) -> [Int64] {
    if let percent = discount.percentOff {
      var shares: [Int64] = []
      for amount in base { shares.append(try Money.percentage(percent, of: amount)) }
      return shares
    }
    let whole = try Money.sum(base)
    let amount = min(discount.amountOff ?? 0, whole)
    var (shares, passed, given) = ([Int64](), Int64(0), Int64(0))
    for part in base {
      passed += part
      let due = try Money.prorated(amount, remaining: passed, total: whole)
      shares.append(due - given)
      given = due
    }
    return shares
  }

  /// What is to be paid of a total when the customer has a balance: a credit (below zero) pays,
  /// a debt (above zero) is paid with it, and a negative total becomes credit.
  static func settle(
    total: Int64, balance: Int64
  ) throws(SandboxError) -> (due: Int64, endingBalance: Int64) {
    let sum = try Money.sum([total, balance])
    return sum > 0 ? (sum, 0) : (0, sum)
  }
}
