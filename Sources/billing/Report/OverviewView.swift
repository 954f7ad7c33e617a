import Basics
import BillingCore
import Stripe

/// The object `customer overview` of the contract.
struct OverviewView {
  let picture: CustomerPicture
  let catalogue: Catalogue
  /// The ids of the prices that the mirror knows, by lookup key.
  let priceIDs: [String: String]
  /// Nil where the customer's plan is no longer in the catalogue.
  let gate: Gate?
  /// The subscription as `subscription show` has it; nil once it has ended.
  let subscription: JSONObject?

  init(picture: CustomerPicture, catalogue: Catalogue, priceIDs: [String: String]) {
    self.picture = picture
    self.catalogue = catalogue
    self.priceIDs = priceIDs
    gate = try? Gate(
      catalogue: catalogue, customerID: picture.customer.id, current: picture.current,
      own: picture.own, at: picture.now)
    subscription = picture.subscription
      .flatMap { SubscriptionList.ended.contains($0.status.rawValue) ? nil : $0 }
      .map { SubscriptionView.json($0, catalogue) }
  }

  var planName: String? { picture.current.planID.map { catalogue.plan($0)?.name ?? $0 } }

  /// When the subscription ends, where it is cancelled.
  private var cancelsOn: JSON {
    guard let subscription else { return .null }
    let atPeriodEnd = subscription["cancel_at_period_end"] == true
    return [subscription["cancel_at"], atPeriodEnd ? subscription["current_period_end"] : nil]
      .compactMap { $0 }.first { !$0.isNull } ?? .null
  }

  var json: JSONObject {
    let isTrial = subscription?["status"] == "trialing"
    return [
      "customer": .string(picture.customer.id), "plan_name": JSON(planName),
      "unit_amount": subscription?["unit_amount"] ?? .null,
      "currency": subscription?["currency"] ?? JSON(picture.customer.currency),
      "interval": interval, "status": .string(picture.current.status),
      "next_billing_date": subscription?["next_billing_date"] ?? .null,
      "cancels_on": cancelsOn,
      "trial_ends_on": isTrial ? subscription?["trial_end"] ?? .null : .null,
      "limits": limits, "tokens": .object(TokenView.json(picture.tokens)), "alerts": alerts,
      "payment_method": paymentMethod,
      "invoices": .array(picture.invoices.map { .object(InvoiceView.json($0)) }),
      "plans": .array(
        catalogue.plans.filter { $0.isForSale }.map { PlanJSON.of($0, priceIDs: priceIDs) }),
    ]
  }

  private var alerts: JSON { .array(picture.alerts.map { .object(AlertView.json($0)) }) }

  /// As `--interval` takes it: `month`, `quarter`, `year`; else `2 weeks`.
  private var interval: JSON {
    let unit = subscription?["interval"]?.string.flatMap { BillingInterval.Unit(rawValue: $0) }
    let count = subscription?["interval_count"]?.integer.flatMap { Int(exactly: $0) } ?? 1
    return JSON(unit.flatMap { BillingInterval($0, count: count)?.words })
  }

  /// As a plan has its limits, with what is used of each.
  private var limits: JSON {
    .object(
      JSONObject(
        uniqueKeysWithValues: heldLimits.map { limit in
          let used = picture.used[limit.id] ?? 0
          return (
            limit.id,
            [
              "max": JSON(limit.maximum), "per": JSON(limit.window?.rawValue),
              "used": .integer(used), "remaining": JSON(limit.maximum.map { max(0, $0 - used) }),
            ]
          )
        }))
  }

  /// The limits that hold for the customer, its own ones among them.
  var heldLimits: [Limit] {
    catalogue.limitIDs.compactMap { id in
      if case .limit(let limit) = gate?.right(id)?.right { limit } else { nil }
    }
  }

  private var paymentMethod: JSON {
    guard let method = picture.paymentMethod else { return .null }
    return [
      "id": .string(method.id), "type": .string(method.type), "brand": JSON(method.card?.brand),
      "last4": JSON(method.card?.last4), "exp_month": JSON(method.card?.expMonth),
      "exp_year": JSON(method.card?.expYear),
    ]
  }
}
