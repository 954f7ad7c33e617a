import Basics

/// How an event comes about: what is to be there before, and what then happens, for the sandbox to
/// play, so that what the event says and what comes with it is as Stripe would have it.
///
/// A line is a call (`post customers email=ada@example.com`), or lets time pass: `advance 4 days`,
/// `before renewal` (a day before), `renewal` (until the bill of the next period is paid or not).
/// Names in braces are ids of what was made last of a kind.
struct TriggerScript: Sendable {
  var setting: [String]
  var act: [String]
  /// What a subscription that is there already takes over from the one that was played, whatever
  /// it says now.
  var takesOver: [String] = []
  /// An event that the sandbox never sends says what this one says.
  var toldBy: String?
  /// The object of such an event where it is another: JSON, `{id}` for the id of the one it had.
  var says: String?

  /// Whether it needs a subscription to be there.
  var needsSubscription: Bool { setting.contains { $0.hasPrefix("post subscriptions") } }
  /// Whether a whole period passes.
  var renews: Bool { (setting + act).contains("renewal") }
}

extension TriggerScript {
  /// An event that was played, under the name of what the script is for where it stands for it.
  func telling(_ event: JSONObject, as type: String) throws -> JSONObject {
    guard let toldBy, event["type"]?.string == toldBy else { return event }
    var event = event
    event["type"] = .string(type)
    if let says {
      let id = event["data"]?[at: "object", "id"]?.string ?? ""
      event["data"] = ["object": try JSON(parsing: says.replacing("{id}", with: id))]
    }
    return event
  }
}

extension TriggerScript {
  static let customer = ["post customers email={email} name={name}"]
  static let card = [
    "post payment_methods/pm_card_visa/attach customer={customer}",
    "post customers/{customer} invoice_settings[default_payment_method]={payment_method}",
  ]
  static let price = [
    "post products name={plan}",
    """
    post prices product={product} currency={currency} unit_amount={amount} \
    recurring[interval]={interval} recurring[interval_count]={count}
    """,
  ]
  static let subscribing = "post subscriptions customer={customer} items[0][price]={price}"
  static let subscriber = customer + card + price + [subscribing]
  /// A subscriber without a card, on trial for a week.
  static let trialing =
    customer + price + [
      subscribing
        + " trial_period_days=7 trial_settings[end_behavior][missing_payment_method]=pause"
    ]

  /// The next payments are made with another card.
  static func paying(with card: String) -> [String] {
    [
      "post payment_methods/\(card)/attach customer={customer}",
      "post customers/{customer} invoice_settings[default_payment_method]={payment_method}",
    ]
  }

  /// A bill beside the subscription.
  static func bill(_ options: String = "") -> [String] {
    [
      "post invoiceitems customer={customer} amount={amount} currency={currency}",
      "post invoices customer={customer} pending_invoice_items_behavior=include" + options,
    ]
  }
}
