import Basics
import BillingCore
import Stripe

/// The object `subscription` of the contract.
enum SubscriptionView {
  static func json(_ subscription: Subscription, _ catalogue: Catalogue?) -> JSONObject {
    let row = SubscriptionRow(subscription, plan: subscription.metadata[Catalogue.planMetadataKey])
    let planID = catalogue?.planID(of: row) ?? row.plan
    return [
      "id": .string(row.id), "customer": .string(row.customerID), "plan": JSON(planID),
      "plan_name": JSON(planID.flatMap { catalogue?.plan($0)?.name }),
      "interval": JSON(row.interval), "interval_count": JSON(row.intervalCount),
      "price": JSON(row.priceID), "quantity": JSON(row.quantity), "status": .string(row.status),
      "current_period_start": JSON(row.currentPeriodStart),
      "current_period_end": JSON(row.currentPeriodEnd), "trial_end": JSON(row.trialEnd),
      "cancel_at_period_end": .bool(row.cancelAtPeriodEnd), "cancel_at": JSON(row.cancelAt),
      "canceled_at": JSON(row.canceledAt), "ended_at": JSON(row.endedAt), "pause": pause(row),
      "pending_change": pendingChange(subscription, catalogue), "unit_amount": JSON(row.unitAmount),
      "currency": .string(row.currency), "next_billing_date": JSON(nextBillingDate(row)),
      "latest_invoice": JSON(row.latestInvoiceID), "discount": discount(subscription),
      "created": JSON(row.created),
      "items": .array(subscription.items.map { item($0, catalogue) }),
    ]
  }

  /// When the next invoice is due: at the end of the period of one that goes on.
  private static func nextBillingDate(_ row: SubscriptionRow) -> Timestamp? {
    guard ["active", "trialing", "past_due"].contains(row.status), row.endsAt == nil else {
      return nil
    }
    return row.currentPeriodEnd
  }

  private static func pause(_ row: SubscriptionRow) -> JSON {
    guard let behavior = row.pauseBehavior else { return .null }
    return ["behavior": .string(behavior), "resumes_at": JSON(row.pauseResumesAt)]
  }

  private static func pendingChange(
    _ subscription: Subscription, _ catalogue: Catalogue?
  ) -> JSON {
    guard let change = PendingChange.of(subscription, in: catalogue) else { return .null }
    return [
      "plan": JSON(change.planID), "interval": JSON(change.interval?.words),
      "quantity": JSON(change.quantity), "at": JSON(change.at),
    ]
  }

  private static func discount(_ subscription: Subscription) -> JSON {
    guard let discount = subscription.discounts.first else { return .null }
    return [
      "coupon": JSON(discount.couponID), "promotion_code": JSON(discount.promotionCodeID),
      "percent_off": JSON(discount.percentOff), "amount_off": JSON(discount.amountOff),
      "ends_at": JSON(discount.end),
    ]
  }

  private static func item(_ item: SubscriptionItem, _ catalogue: Catalogue?) -> JSON {
    [
      "id": .string(item.id), "price": .string(item.price.id),
      "plan": JSON(catalogue?.planID(of: item.price)),
      "meter": JSON(catalogue?.meterID(of: item.price) ?? item.price.recurring?.meterID),
      "quantity": JSON(item.quantity),
      "current_period_start": JSON(item.currentPeriodStart),
      "current_period_end": JSON(item.currentPeriodEnd),
    ]
  }

  static func report(
    _ json: JSONObject, closing: String? = nil, outcome: Outcome = .done
  ) -> ObjectReport {
    let amount = Cell(money: json["unit_amount"], currency: json["currency"]).text
    let interval = json["interval"]?.string.map { interval in
      let count = json["interval_count"]?.integer ?? 1
      return count == 1 ? " a \(interval)" : " every \(count) \(interval)s"
    }
    var fields = [
      Field("id", json["id"]), Field("customer", json["customer"]),
      Field("plan", json["plan_name"].flatMap { $0.isNull ? json["plan"] : $0 }),
      Field("price", amount + (interval ?? "")), Field("quantity", json["quantity"]),
      Field("status", Cell(status: json["status"])),
    ]
    let meters = (json["items"]?.array ?? []).compactMap { $0["meter"]?.string }
    if !meters.isEmpty { fields.append(Field("bills use of", meters.joined(separator: ", "))) }
    fields += [
      Field("period starts", Cell(time: json["current_period_start"])),
      Field("period ends", Cell(time: json["current_period_end"])),
      Field("next bill", Cell(time: json["next_billing_date"])),
    ]
    for (title, key) in [
      ("trial ends", "trial_end"), ("cancels at", "cancel_at"), ("cancelled", "canceled_at"),
      ("ended", "ended_at"),
    ] where json[key]?.isNull == false {
      fields.append(Field(title, Cell(time: json[key])))
    }
    if let pause = pauseText(json) { fields.append(Field("collection", pause)) }
    if let change = SubscriptionWords.pendingChange(json) {
      fields.append(Field("changes to", change))
    }
    if let discount = discountText(json) { fields.append(Field("discount", discount)) }
    if let url = json["hosted_invoice_url"]?.string { fields.append(Field("pay at", url)) }
    return ObjectReport(object: json, fields: fields, closing: closing, outcome: outcome)
  }

  /// `paused (void), until 2026-12-24`.
  private static func pauseText(_ json: JSONObject) -> String? {
    guard let behavior = json["pause"]?["behavior"]?.string else { return nil }
    let end = json["pause"]?["resumes_at"]?.string.map { ", until \($0.prefix(10))" } ?? ""
    return "paused (\(behavior))\(end)"
  }

  /// `20% off with launch, until 2027-02-20`.
  private static func discountText(_ json: JSONObject) -> String? {
    guard let discount = json["discount"], discount != .null else { return nil }
    let amount = Cell(money: discount["amount_off"], currency: json["currency"]).text
    let share = Cell(discount["percent_off"]).text
    let what = share == "-" ? amount : share + "%"
    let end = discount["ends_at"]?.string.map { ", until \($0.prefix(10))" } ?? ""
    return "\(what) off with \(Cell(discount["coupon"]).text)\(end)"
  }

  private static func intervalText(_ subscription: JSON) -> Cell {
    let (interval, count) = (subscription["interval"], subscription["interval_count"]?.integer)
    guard let interval = interval?.string, let count, count > 1 else { return Cell(interval) }
    return Cell("\(count) \(interval)s")
  }

  static let columns = [
    Column.id("ID", "id"), Column.id("CUSTOMER", "customer"), Column("PLAN", "plan"),
    .status("STATUS"), .money("AMOUNT", "unit_amount"),
    Column("INTERVAL", cell: intervalText).leaving(2),
    Column.time("NEXT BILL", "next_billing_date").leaving(1),
    Column.time("CREATED", "created").leaving(3),
  ]

  static let keys = [
    "id", "customer", "plan", "plan_name", "interval", "interval_count", "price", "quantity",
    "status", "current_period_start", "current_period_end", "trial_end", "cancel_at_period_end",
    "cancel_at", "canceled_at", "ended_at", "pause", "pending_change", "unit_amount", "currency",
    "next_billing_date", "latest_invoice", "discount", "created", "items",
  ]
}
