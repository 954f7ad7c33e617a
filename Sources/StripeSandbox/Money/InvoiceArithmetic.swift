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
    /// It was given to the lines themselves, not to the invoice: what it takes off them is off
    /// before the subtotal.
    var isOfLines = false
  }

  struct Totals: Hashable {
    /// The lines, less the discounts of their own.
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
    let sum = try Money.sum(lines.map { $0.amount })
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
    let ofLines = zip(discounts, totals.discounts).filter { $0.0.isOfLines }.map { $0.1 }
    totals.subtotal = sum - (try Money.sum(ofLines))
    totals.total = sum - (try Money.sum(totals.discounts))
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

  /// What is to be paid of an invoice, and what that does to the customer's balance.
  struct Settlement: Hashable {
    var due: Int64
    /// By how much the invoice itself changes the balance: a credit that pays (above zero), a debt
    /// that is paid with it or a negative total (below zero).
    var applied: Int64
    /// What is too little to be charged, and becomes a debt instead.
    var carried: Int64
    var endingBalance: Int64
  }

  /// What is to be paid of a total when the customer has a balance: a credit (below zero) pays,
  /// a debt (above zero) is paid with it, and a negative total becomes credit. What is then less
  /// than a card may be charged is not due, but stays as a debt for the next invoice.
  static func settle(
    total: Int64, balance: Int64, minimum: Int64 = 0
  ) throws(SandboxError) -> Settlement {
    let sum = try Money.sum([total, balance])
    guard sum > 0 else {
      return Settlement(due: 0, applied: total, carried: 0, endingBalance: sum)
    }
    guard sum < minimum else {
      return Settlement(due: sum, applied: -balance, carried: 0, endingBalance: 0)
    }
    return Settlement(due: 0, applied: -balance, carried: sum, endingBalance: sum)
  }
}
