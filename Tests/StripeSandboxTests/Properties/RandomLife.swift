import Basics
import Testing

@testable import StripeSandbox

/// A sandbox in which customers do what comes into their heads, and time goes on.
///
/// Each step is chosen by a number of its own from what there is at that moment, so that a part of
/// the steps is a life, too: what goes wrong can be told with the fewest steps.
final class RandomLife {
  let stripe: TestSandbox
  /// What was done and answered, a line for each.
  private(set) var history: [String] = []
  /// What must not happen, as soon as it did.
  private(set) var broken: [String] = []
  /// What was asked for that may move the periods of a subscription, and when.
  private(set) var changes: [String: [Change]] = [:]

  struct Change {
    let moment: Timestamp
    let parameters: String
  }

  var random = SplitMix(seed: 0)

  /// Prices: two by the month, one by the year, one by the week, one that is free.
  let prices: [String]
  let metered: String
  let coupons: [String]

  init() throws {
    stripe = try TestSandbox()
    let product = stripe.post("/v1/products", "name=Pro").id
    let made = [("month", 1900), ("month", 900), ("year", 19000), ("week", 500), ("month", 0)]
    prices = made.map { [stripe] interval, amount in
      MoneyWorld.price(stripe, product, amount, interval)
    }
    let meter = stripe.post(
      "/v1/billing/meters",
      "display_name=Calls&event_name=calls&default_aggregation[formula]=sum"
    ).id
    metered =
      stripe.post(
        "/v1/prices",
        """
        product=\(product)&currency=usd&recurring[interval]=month&recurring[usage_type]=metered\
        &recurring[meter]=\(meter)&billing_scheme=tiered&tiers_mode=graduated\
        &tiers[0][up_to]=100&tiers[0][unit_amount]=0&tiers[1][up_to]=inf\
        &tiers[1][unit_amount_decimal]=0.7&tiers[1][flat_amount]=50
        """
      ).id
    coupons = [
      "percent_off=25&duration=forever", "amount_off=700&currency=usd&duration=once",
      "percent_off=33.3&duration=repeating&duration_in_months=2",
    ].map { [stripe] in stripe.post("/v1/coupons", $0).id }
  }

  /// The steps of a seed.
  static func steps(of seed: UInt64, count: Int) -> [UInt64] {
    var random = SplitMix(seed: seed)
    return (0..<count).map { _ in random.next() }
  }

  /// Takes these steps, after a customer has come.
  func run(_ steps: [UInt64]) throws {
    call(
      "POST", "/v1/customers",
      "payment_method=pm_card_visa&invoice_settings[default_payment_method]=pm_card_visa")
    for step in steps {
      random = SplitMix(seed: step)
      try take()
    }
  }

  var now: Timestamp { get throws { try stripe.sandbox.now() } }

  /// Objects of a type, oldest first.
  func objects(_ type: String, _ conditions: [String: JSON] = [:]) throws -> [JSONObject] {
    try stripe.sandbox.store.read { store in
      try store.objects(
        ObjectQuery(type: type, conditions: conditions.map { ($0.key, [$0.value]) }))
    }.reversed()
  }

  /// One of the objects of a type; nil where there is none.
  func any(_ type: String, _ conditions: [String: JSON] = [:]) throws -> JSONObject? {
    let found = try objects(type, conditions)
    return found.isEmpty ? nil : random.one(of: found)
  }

  @discardableResult
  func call(_ method: String, _ target: String, _ parameters: String = "") -> Answer {
    let answer = stripe.send(method, target, parameters, isChecked: false)
    let line = "\(method) \(target) \(parameters) → \(answer.error)"
    history.append(line)
    if answer.status >= 500 || answer.status == 429 { broken.append(line) }
    return answer
  }

  /// The same, noting that the periods of a subscription may have moved.
  func change(_ id: String, _ method: String, _ target: String, _ parameters: String = "") throws {
    let answer = call(method, target, parameters)
    guard answer.status == 200 else { return }
    let change = Change(moment: try now, parameters: "\(method) \(target) \(parameters)")
    changes[id, default: []].append(change)
  }

  /// Lets time pass, or sends the clock ahead; then everything that fell due must have been done.
  func wait(_ seconds: Int64, byAdvancing: Bool = false) throws {
    if byAdvancing {
      call("POST", "/sandbox/advance", "duration=\(seconds)s")
    } else {
      history.append("wait \(seconds)")
      stripe.wait(seconds: seconds)
    }
    let failures = try stripe.sandbox.catchUp()
    if !failures.isEmpty { broken.append("wait \(seconds) → \(failures)") }
  }
}
