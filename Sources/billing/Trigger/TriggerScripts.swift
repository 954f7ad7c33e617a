import BillingCore

/// The scripts of all events that can be triggered, by type.
enum TriggerScripts {
  static func script(of type: String) -> TriggerScript? { all[type] }

  /// The types in the order in which they are handled.
  static let types = HandledEvents.types.filter { all[$0] != nil }

  private static let all: [String: TriggerScript] =
    [customers, subscriptions, renewals, bills, pages, cards, catalogue, schedules, clocks]
    .reduce(into: [:]) { all, some in all.merge(some) { first, _ in first } }

  private typealias Scripts = [String: TriggerScript]

  private static let customers: Scripts = [
    "customer.created": .init(setting: [], act: TriggerScript.customer),
    "customer.updated": .init(
      setting: TriggerScript.customer, act: ["post customers/{customer} description=Triggered"]),
    "customer.deleted": .init(
      setting: TriggerScript.customer, act: ["delete customers/{customer}"]),
    "entitlements.active_entitlement_summary.updated": .init(
      setting: TriggerScript.customer, act: ["post customers/{customer} description=Triggered"],
      toldBy: "customer.updated", says: noEntitlements),
    "customer.discount.created": .init(setting: TriggerScript.subscriber, act: discounting),
    "customer.discount.updated": .init(
      setting: TriggerScript.subscriber, act: discounting, toldBy: "customer.discount.created"),
    "customer.discount.deleted": .init(
      setting: TriggerScript.subscriber,
      act: discounting + ["delete subscriptions/{subscription}/discount"]),
  ]

  private static let noEntitlements = """
    {"object":"entitlements.active_entitlement_summary","customer":"{id}","entitlements":
    {"object":"list","data":[],"has_more":false,"url":"/v1/customers/{id}/entitlements"},
    "livemode":false}
    """

  private static let discounting = [
    "post coupons percent_off=20 duration=forever",
    "post subscriptions/{subscription} discounts[0][coupon]={coupon}",
  ]

  private static let subscriptions: Scripts = [
    "customer.subscription.created": .init(
      setting: TriggerScript.customer + TriggerScript.card + TriggerScript.price,
      act: [TriggerScript.subscribing]),
    "customer.subscription.updated": .init(
      setting: TriggerScript.subscriber,
      act: ["post subscriptions/{subscription} cancel_at_period_end=true"]),
    "customer.subscription.deleted": .init(
      setting: TriggerScript.subscriber, act: ["delete subscriptions/{subscription}"]),
    "customer.subscription.trial_will_end": .init(
      setting: TriggerScript.trialing, act: ["advance 4 days"],
      takesOver: ["status", "trial_start", "trial_end"]),
    "customer.subscription.paused": .init(
      setting: TriggerScript.trialing + ["advance 6 days"], act: ["advance 1 day"]),
    "customer.subscription.resumed": .init(
      setting: TriggerScript.trialing + ["advance 7 days"] + TriggerScript.card,
      act: ["post subscriptions/{subscription}/resume"], takesOver: ["status"]),
    "customer.subscription.pending_update_applied": .init(
      setting: TriggerScript.subscriber + TriggerScript.paying(with: unconfirmed),
      act: [pendingUpdate] + TriggerScript.card
        + ["post invoices/{invoice}/pay payment_method={payment_method}"]),
    "customer.subscription.pending_update_expired": .init(
      setting: TriggerScript.subscriber + TriggerScript.paying(with: unconfirmed),
      act: [pendingUpdate, "advance 1 day"]),
  ]

  private static let unconfirmed = "pm_card_authenticationRequired"
  private static let pendingUpdate = """
    post subscriptions/{subscription} payment_behavior=pending_if_incomplete \
    proration_behavior=always_invoice items[0][id]={subscription_item} items[0][quantity]=2
    """

  private static let renewals: Scripts = {
    let (paid, failing) = (
      ["invoice.paid", "invoice.payment_succeeded", "payment_intent.created"]
        + ["payment_intent.succeeded", "charge.succeeded"],
      ["invoice.payment_failed", "payment_intent.payment_failed", "charge.failed"]
    )
    let unpaid = TriggerScript.paying(with: "pm_card_chargeCustomerFail")
    var scripts: Scripts = [
      "invoice.upcoming": .init(setting: TriggerScript.subscriber, act: ["before renewal"]),
      "payment_intent.processing": renewal([], toldBy: "payment_intent.created"),
      "charge.updated": renewal([], toldBy: "charge.succeeded"),
    ]
    for type in paid { scripts[type] = renewal([]) }
    for type in failing { scripts[type] = renewal(unpaid) }
    for type in ["invoice.payment_action_required", "payment_intent.requires_action"] {
      scripts[type] = renewal(TriggerScript.paying(with: unconfirmed))
    }
    return scripts
  }()

  private static func renewal(_ lines: [String], toldBy: String? = nil) -> TriggerScript {
    TriggerScript(
      setting: TriggerScript.subscriber + lines + ["before renewal"], act: ["renewal"],
      takesOver: ["status"], toldBy: toldBy)
  }

  private static let bills: Scripts = {
    let (open, pay) = (["post invoices/{invoice}/finalize"], ["post invoices/{invoice}/pay"])
    let acts: [String: [String]] = [
      "invoice.created": TriggerScript.bill(),
      "invoice.updated": TriggerScript.bill() + ["post invoices/{invoice} description=Triggered"],
      "invoice.finalized": TriggerScript.bill() + open,
      "invoice.voided": TriggerScript.bill() + open + ["post invoices/{invoice}/void"],
      "payment_intent.canceled": TriggerScript.bill() + open + ["post invoices/{invoice}/void"],
      "invoice.marked_uncollectible": TriggerScript.bill() + open
        + ["post invoices/{invoice}/mark_uncollectible"],
      "invoice.sent": TriggerScript.bill(sent) + ["post invoices/{invoice}/send"],
      "invoice.overdue": TriggerScript.bill(sent) + ["post invoices/{invoice}/send"]
        + ["advance 1 day 1 minute"],
      "invoice.deleted": ["post invoices customer={customer}", "delete invoices/{invoice}"],
      "charge.refunded": TriggerScript.bill() + open + pay + ["post refunds charge={charge}"],
      "refund.created": TriggerScript.bill() + open + pay + ["post refunds charge={charge}"],
      "refund.updated": TriggerScript.bill() + open + pay
        + ["post refunds charge={charge}", "post refunds/{refund} metadata[triggered]=yes"],
    ]
    var scripts: Scripts = acts.mapValues {
      TriggerScript(setting: TriggerScript.customer + TriggerScript.card, act: $0)
    }
    for (type, other) in [
      ("refund.failed", "refund.updated"), ("invoice.will_be_due", "invoice.sent"),
      ("invoice.finalization_failed", "invoice.created"),
    ] {
      scripts[type] = scripts[other]
      scripts[type]?.toldBy = other
    }
    return scripts
  }()

  private static let sent = " collection_method=send_invoice days_until_due=1"

  private static let pages: Scripts = {
    let setting = TriggerScript.customer + TriggerScript.price
    let opened = [
      """
      post checkout/sessions customer={customer} mode=subscription line_items[0][price]={price} \
      line_items[0][quantity]=1 success_url=https://example.com/done
      """
    ]
    let completed = opened + ["post /sandbox/checkout/sessions/{checkout.session}/complete"]
    let expired = opened + ["post checkout/sessions/{checkout.session}/expire"]
    let told = "checkout.session.completed"
    return [
      told: .init(setting: setting, act: completed),
      "checkout.session.expired": .init(setting: setting, act: expired),
      "checkout.session.async_payment_succeeded": .init(
        setting: setting, act: completed, toldBy: told),
      "checkout.session.async_payment_failed": .init(
        setting: setting, act: completed, toldBy: told),
    ]
  }()

  private static let cards: Scripts = {
    let setting = TriggerScript.customer + TriggerScript.card
    let updated = ["post payment_methods/{payment_method} billing_details[name]=Triggered"]
    return [
      "payment_method.attached": .init(
        setting: TriggerScript.customer, act: TriggerScript.card),
      "payment_method.detached": .init(
        setting: setting, act: ["post payment_methods/{payment_method}/detach"]),
      "payment_method.updated": .init(setting: setting, act: updated),
      "payment_method.automatically_updated": .init(
        setting: setting, act: updated, toldBy: "payment_method.updated"),
    ]
  }()

  private static let catalogue: Scripts = {
    let product = ["post products name=Triggered"]
    let price = ["post prices product={product} currency=usd unit_amount=1900"]
    let coupon = ["post coupons percent_off=20 duration=once"]
    let code = ["post promotion_codes promotion[type]=coupon promotion[coupon]={coupon}"]
    let meter = [
      """
      post billing/meters display_name=Triggered event_name=triggered \
      default_aggregation[formula]=sum
      """
    ]
    let (retire, revive) = (
      ["post billing/meters/{billing.meter}/deactivate"],
      ["post billing/meters/{billing.meter}/reactivate"]
    )
    return [
      "product.created": .init(setting: [], act: product),
      "product.updated": .init(setting: product, act: ["post products/{product} name=Renamed"]),
      "product.deleted": .init(setting: product, act: ["delete products/{product}"]),
      "price.created": .init(setting: product, act: price),
      "price.updated": .init(setting: product + price, act: ["post prices/{price} nickname=New"]),
      "price.deleted": .init(setting: product, act: price, toldBy: "price.created"),
      "coupon.created": .init(setting: [], act: coupon),
      "coupon.updated": .init(setting: coupon, act: ["post coupons/{coupon} name=Renamed"]),
      "coupon.deleted": .init(setting: coupon, act: ["delete coupons/{coupon}"]),
      "promotion_code.created": .init(setting: coupon, act: code),
      "promotion_code.updated": .init(
        setting: coupon + code, act: ["post promotion_codes/{promotion_code} active=false"]),
      "billing.meter.created": .init(setting: [], act: meter),
      "billing.meter.updated": .init(
        setting: meter, act: ["post billing/meters/{billing.meter} display_name=Renamed"]),
      "billing.meter.deactivated": .init(setting: meter, act: retire),
      "billing.meter.reactivated": .init(setting: meter + retire, act: revive),
    ]
  }()

  private static let schedules: Scripts = {
    let scheduled = ["post subscription_schedules from_subscription={subscription}"]
    let one = "post subscription_schedules/{subscription_schedule}"
    let ending = scheduled + [one + " end_behavior=cancel"]
    let acts: [String: [String]] = [
      "created": scheduled, "updated": scheduled + [one + " metadata[triggered]=yes"],
      "released": scheduled + [one + "/release"], "canceled": scheduled + [one + "/cancel"],
      "expiring": ending + ["before renewal"], "completed": ending + ["renewal"],
    ]
    var scripts: Scripts = [:]
    for (name, act) in acts {
      scripts["subscription_schedule.\(name)"] = .init(setting: TriggerScript.subscriber, act: act)
    }
    scripts["subscription_schedule.aborted"] = .init(
      setting: TriggerScript.subscriber, act: scheduled + [one + "/cancel"],
      toldBy: "subscription_schedule.canceled")
    return scripts
  }()

  private static let clocks: Scripts = {
    let clock = ["post test_helpers/test_clocks frozen_time={now}"]
    let one = "test_helpers/test_clocks/{test_helpers.test_clock}"
    let ahead = clock + ["post \(one)/advance frozen_time={soon}", "advance 1 minute"]
    return [
      "test_helpers.test_clock.created": .init(setting: [], act: clock),
      "test_helpers.test_clock.advancing": .init(setting: [], act: ahead),
      "test_helpers.test_clock.ready": .init(setting: [], act: ahead),
      "test_helpers.test_clock.internal_failure": .init(
        setting: [], act: ahead, toldBy: "test_helpers.test_clock.ready"),
      "test_helpers.test_clock.deleted": .init(setting: clock, act: ["delete \(one)"]),
    ]
  }()
}
