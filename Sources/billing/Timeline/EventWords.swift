import Basics
import BillingCore
import Stripe

/// An event of Stripe's in words, and what kind of thing it tells. Many events tell the same: those
/// that add nothing have no words.
enum EventWords {
  static func of(_ event: Event) -> (TimelineEntry.Kind, String)? {
    let object = event.object
    switch event.type {
    case "invoice.finalized": return (.invoice, bill(object))
    case "invoice.paid": return (.invoice, paidBill(object))
    case "invoice.payment_failed": return (.invoice, unpaidBill(object))
    case "invoice.payment_action_required":
      return (.invoice, "\(name(object)) waits for the customer to confirm the payment")
    case "invoice.voided": return (.invoice, "\(name(object)) was voided")
    case "invoice.marked_uncollectible": return (.invoice, "\(name(object)) was written off")
    case "charge.succeeded": return (.payment, "\(money(object, "amount")) paid\(card(object))")
    case "charge.failed":
      let reason = object["failure_message"]?.string.map { ": \($0)" } ?? ""
      return (.payment, "\(money(object, "amount")) declined\(card(object))\(reason)")
    case "charge.refunded":
      return (.refund, "\(money(object, "amount_refunded")) given back\(card(object))")
    case "payment_method.attached": return (.event, "\(method(object)) attached")
    case "payment_method.detached": return (.event, "\(method(object)) detached")
    case "customer.subscription.trial_will_end":
      let end = object["trial_end"]?.integer.map { Timestamp($0).iso8601Date } ?? "-"
      return (.event, "the trial ends on \(end)")
    case "customer.updated": return customerUpdate(event)
    case let type where repeatsOthers(type): return nil
    case let type:
      return (.event, plain(type))
    }
  }

  /// The name of a type or of a field as words: `customer subscription paused`.
  static func plain(_ name: String) -> String {
    name.split { $0 == "." || $0 == "_" }.joined(separator: " ")
  }

  /// Whether it tells what is to come, and no change.
  static func isNotice(_ event: Event) -> Bool { event.type.hasSuffix("trial_will_end") }

  /// What goes with another event that says it better.
  private static func repeatsOthers(_ type: String) -> Bool {
    let silent: Set<String> = [
      "invoice.created", "invoice.updated", "invoice.payment_succeeded", "invoice.upcoming",
      "charge.updated", "charge.refund.updated", "payment_method.updated",
      "payment_method.automatically_updated",
    ]
    let families = [
      "payment_intent.", "setup_intent.", "invoice_payment.", "invoiceitem.", "refund.",
    ]
    return silent.contains(type) || families.contains { type.hasPrefix($0) }
  }

  // MARK: Bills

  /// `bill AAAA-0001 over $49.00`.
  static func bill(_ invoice: JSON) -> String {
    "bill \(number(invoice)) over \(money(invoice, "total"))"
  }

  static func paidBill(_ invoice: JSON) -> String { "\(name(invoice)) is paid" }

  private static func unpaidBill(_ invoice: JSON) -> String {
    let next = invoice["next_payment_attempt"]?.integer.map { Timestamp($0).iso8601Date }
    return "\(name(invoice)) is not paid"
      + (next.map { "; the next attempt is on \($0)" } ?? "; there is no further attempt")
  }

  private static func name(_ invoice: JSON) -> String {
    "bill \(number(invoice)) of \(money(invoice, "total"))"
  }

  private static func number(_ invoice: JSON) -> String {
    invoice["number"]?.string ?? invoice["id"]?.string ?? "-"
  }

  // MARK: Money

  static func refund(_ refund: Stripe.Refund, ofBill number: String?) -> String {
    let money = MoneyText.of(refund.amount, refund.currency)
    let origin = number.map { " of bill \($0)" } ?? ""
    let reason = refund.reason.map { " (\($0.split(separator: "_").joined(separator: " ")))" } ?? ""
    switch refund.status {
    case "succeeded": return "\(money)\(origin) given back\(reason)"
    case "failed", "canceled": return "\(money)\(origin) could not be given back\(reason)"
    default: return "\(money)\(origin) on its way back\(reason)"
    }
  }

  private static func money(_ object: JSON, _ key: String) -> String {
    Cell(money: object[key], currency: object["currency"]).text
  }

  /// ` with visa 4242`.
  private static func card(_ charge: JSON) -> String {
    (charge["payment_method_details"]?["card"]).flatMap { PaymentMethodView.card($0) }
      .map { " with \($0)" } ?? ""
  }

  private static func method(_ object: JSON) -> String {
    object["card"].flatMap { PaymentMethodView.card($0) } ?? object["type"]?.string ?? "-"
  }

  // MARK: Customers

  /// What Stripe keeps for its own books is no news.
  private static func customerUpdate(_ event: Event) -> (TimelineEntry.Kind, String)? {
    let books: Set<String> = [
      "currency", "invoice_prefix", "next_invoice_sequence", "delinquent", "default_source",
    ]
    let changed = (event.previousAttributes?.object?.keys ?? []).filter { !books.contains($0) }
    guard !changed.isEmpty else { return nil }
    let words = changed.map { $0.split(separator: "_").joined(separator: " ") }
    return (.event, "customer changed: \(words.joined(separator: ", "))")
  }
}
