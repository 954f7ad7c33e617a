import Basics

@testable import StripeSandbox

// What a story presupposes: it was there in the account before the recording began.

extension Replay {
  /// The prices that the story's requests name, with their products.
  func makePrices() throws {
    let named = Set(
      exchanges.flatMap { exchange in
        (exchange.form + exchange.query).map { $0.value }
          + exchange.path.split(separator: "/").map(String.init)
      })
    let objects = exchanges.flatMap { $0.body.objectsWithin }
    let lines = objects.filter { $0.string("object") == "line_item" }
    // What the account calls a unit of its product, since it has been so.
    let unit = exchanges.contains { $0.version >= "2025" } ? "user" : nil
    for id in named.sorted() {
      let found = ["price", "plan"].compactMap { kind in
        objects.first { $0.id == id && $0.string("object") == kind }
      }.first
      let line = lines.first { priceID(of: $0) == id && text(of: $0) != nil }
      guard found != nil || line != nil else { continue }
      let words = line.flatMap { text(of: $0) } ?? (unit: unit, name: "Test Subscription")
      make(id, found ?? [:], line: line ?? [:], words)
    }
  }

  private func make(
    _ id: String, _ price: JSONObject, line: JSONObject, _ text: (unit: String?, name: String)
  ) {
    let each = line.object("pricing")?.string("unit_amount_decimal")
    let product = stripe.post(
      "/v1/products", "name=\(text.name)\(text.unit.map { "&unit_label=\($0)" } ?? "")")
    if let name = price.string("product") { ids[name] = ids[name] ?? product.id }
    let recurring = price.object("recurring") ?? price
    let amount = (price["unit_amount"] ?? price["amount"])?.integer.map { String($0) } ?? each ?? ""
    var parameters = "product=\(price.string("product").map { mapped($0) } ?? product.id)"
    parameters += "&currency=usd&unit_amount=\(amount)"
    if let interval = recurring.string("interval") {
      parameters += "&recurring[interval]=\(interval)"
    }
    if let behavior = price.string("tax_behavior") { parameters += "&tax_behavior=\(behavior)" }
    if let nickname = price.string("nickname") { parameters += "&nickname=\(nickname)" }
    ids[id] = stripe.post("/v1/prices", parameters).id
  }

  private func priceID(of line: JSONObject) -> String? {
    line.object("price")?.id ?? line.object("pricing")?.object("price_details")?.string("price")
  }

  /// The unit label and the product's name, as a line tells them: `1 user × Pro (at $10.00 / month)`.
  private func text(of line: JSONObject) -> (unit: String?, name: String)? {
    guard let description = line.string("description") else { return nil }
    guard
      let match = description.wholeMatch(
        of: /(?:Free trial for )?\d+ (?:(\w+) )?× (.+?)(?: \(at .*)?/)
    else {
      let isPlain = !description.contains(" time on ")
      return isPlain ? (nil, description) : nil
    }
    return (match.output.1.map(String.init), String(match.output.2))
  }

  /// The coupons that the story's answers hold.
  func makeCoupons() {
    for coupon in exchanges.flatMap({ $0.body.objectsWithin })
    where coupon.string("object") == "coupon" && ids[coupon.id] == nil {
      ids[coupon.id] = coupon.id
      let off =
        coupon.integer("amount_off").map { "amount_off=\($0)&currency=usd" }
        ?? "percent_off=\(coupon["percent_off"]?.compact ?? "")"
      let name = coupon.string("name")?.replacing(" ", with: "+") ?? ""
      _ = stripe.post(
        "/v1/coupons", "id=\(coupon.id)&\(off)&duration=forever&name=\(name)")
    }
  }

  /// Customers, cards and payments that a request names and that the story did not make.
  func makePresupposed(by exchange: Recording.Exchange) {
    let words =
      exchange.path.split(separator: "/").map(String.init) + exchange.form.map { $0.value }
    let needsAuthentication = exchanges.contains {
      $0.path.contains("authenticationRequired")
    }
    for id in words where ids[id] == nil {
      if id.hasPrefix("cus_") {
        ids[id] = stripe.post("/v1/customers", described(id)).id
      } else if id.hasPrefix("pm_"), !id.hasPrefix("pm_card_"), let customer = customer(exchange) {
        let card = needsAuthentication ? "pm_card_authenticationRequired" : "pm_card_visa"
        ids[id] =
          stripe.post("/v1/payment_methods/\(card)/attach", "customer=\(customer)").id
      } else if id.hasPrefix("pi_") || id.hasPrefix("ch_") {
        makePayment(id, exchange.body)
      }
    }
  }

  private func described(_ customer: String) -> String {
    let body = exchanges.flatMap { $0.body.objectsWithin }.first { $0.id == customer }
    let name = body?.string("name").map { "&name=\($0.replacing(" ", with: "+"))" } ?? ""
    return "email=\(body?.string("email") ?? "customer@example.com")\(name)"
  }

  private func customer(_ exchange: Recording.Exchange) -> String? {
    let given = exchange.form.first { $0.name == "customer" }?.value
    let inPath = exchange.path.split(separator: "/").map(String.init).first {
      $0.hasPrefix("cus_")
    }
    return (given ?? inPath).map { mapped($0) }
  }

  /// The first payment of a subscription of the customer whom the payment names.
  private func makePayment(_ id: String, _ body: JSON) {
    let customer = mapped(body["customer"]?.string ?? "")
    let price = ids["small-monthly"] ?? ids.first { $0.key.hasPrefix("price_") }?.value ?? ""
    _ = stripe.post("/v1/subscriptions", "customer=\(customer)&items[0][price]=\(price)")
    let intents = stripe.get("/v1/payment_intents", "customer=\(customer)")
    let intent = intents["data"]?.array?.first?.object ?? [:]
    ids[id] = id.hasPrefix("pi_") ? intent.id : intent.string("latest_charge")
  }
}
