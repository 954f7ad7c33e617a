import Basics

@testable import StripeSandbox

/// A world in which anything may happen to subscriptions: customers subscribe, change their minds
/// and their cards, pay or do not, and time passes. All of it follows from a seed.
struct Life {
  let world: MoneyWorld
  private let prices: [String]
  private var random: SplitMix
  private var customers: [String] = []
  private(set) var subscriptions: [String] = []
  /// What was done, for the message of a test that fails.
  private(set) var story: [String] = []

  /// The generator of Sebastiano Vigna's SplitMix64: the same numbers on every machine.
  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  init(seed: UInt64, steps: Int) throws {
    world = try MoneyWorld()
    random = SplitMix(state: seed)
    prices = [
      world.monthly, MoneyWorld.price(world.stripe, world.product, 4900, "month"),
      MoneyWorld.price(world.stripe, world.product, 0, "month"),
    ]
    _ = world.stripe.post(
      "/v1/coupons", "id=THIRD&percent_off=33.3&duration=repeating&duration_in_months=3")
    let ends = ["cancel", "unpaid", "past_due"]
    send(
      "POST", "/sandbox/settings", "after_retries=\(ends[Int.random(in: 0..<3, using: &random)])")
    for _ in 0..<steps { step() }
    // Drafts are issued, and the notice of a short trial is given.
    advance(hours: 2)
  }

  // MARK: Steps

  private mutating func step() {
    switch Int.random(in: 0..<14, using: &random) {
    case 0, 1: subscribe()
    case 2, 3: changeCard()
    case 4, 5: change()
    case 6: pay()
    case 7: advance(hours: Int64.random(in: 1...48, using: &random))
    default: advance(hours: Int64.random(in: 1...45, using: &random) * 24)
    }
  }

  private mutating func advance(hours: Int64) {
    send("POST", "/sandbox/advance", "duration=\(hours)h")
  }

  private mutating func subscribe() {
    let card = pick(["pm_card_visa", "pm_card_chargeCustomerFail", nil])
    let customer = world.customer(card)
    customers.append(customer)
    let terms = pick([
      "", "&trial_period_days=10", "&trial_period_days=1", "&payment_behavior=default_incomplete",
      "&collection_method=send_invoice&days_until_due=5", "&discounts[0][coupon]=THIRD",
      "&trial_period_days=5&trial_settings[end_behavior][missing_payment_method]=pause",
      "&trial_period_days=5&trial_settings[end_behavior][missing_payment_method]=cancel",
    ])
    let answer = send(
      "POST", "/v1/subscriptions", "customer=\(customer)&items[0][price]=\(pick(prices))\(terms)")
    if answer.status == 200 { subscriptions.append(answer.id) }
  }

  private mutating func changeCard() {
    guard !customers.isEmpty else { return }
    let customer = pick(customers)
    let card = pick([
      "pm_card_visa", "pm_card_mastercard", "pm_card_chargeCustomerFail",
      "pm_card_authenticationRequired",
    ])
    let method = send("POST", "/v1/payment_methods/\(card)/attach", "customer=\(customer)")
    send(
      "POST", "/v1/customers/\(customer)",
      "invoice_settings[default_payment_method]=\(method.id)")
  }

  private mutating func change() {
    guard !subscriptions.isEmpty else { return }
    let id = pick(subscriptions)
    let item = world.stripe.get("/v1/subscriptions/\(id)").item["id"]?.string ?? ""
    let behavior = pick(["create_prorations", "always_invoice", "none"])
    let quantity = Int.random(in: 1...5, using: &random)
    switch Int.random(in: 0..<9, using: &random) {
    case 0: send("DELETE", "/v1/subscriptions/\(id)", "")
    case 1: send("POST", "/v1/subscriptions/\(id)", "cancel_at_period_end=true")
    case 2: send("POST", "/v1/subscriptions/\(id)", "cancel_at_period_end=false")
    case 3:
      let pause = pick(["void", "keep_as_draft", "mark_uncollectible"])
      send("POST", "/v1/subscriptions/\(id)", "pause_collection[behavior]=\(pause)")
    case 4: send("POST", "/v1/subscriptions/\(id)", "pause_collection=")
    case 5, 6:
      send(
        "POST", "/v1/subscriptions/\(id)",
        "items[0][id]=\(item)&items[0][quantity]=\(quantity)&proration_behavior=\(behavior)")
    default:
      send(
        "POST", "/v1/subscriptions/\(id)",
        "items[0][id]=\(item)&items[0][price]=\(pick(prices))&proration_behavior=\(behavior)")
    }
  }

  private mutating func pay() {
    let open = world.stripe.get("/v1/invoices", "status=open").ids
    guard !open.isEmpty else { return }
    send("POST", "/v1/invoices/\(pick(open))/pay", "")
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  @discardableResult
  private mutating func send(_ method: String, _ target: String, _ parameters: String) -> Answer {
    let answer = world.stripe.send(method, target, parameters)
    story.append("\(method) \(target) \(parameters): \(answer.error)")
    return answer
  }
}
