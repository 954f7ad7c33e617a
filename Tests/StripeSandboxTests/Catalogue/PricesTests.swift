import Basics
import Testing

@Suite struct PricesTests {
  private func sandbox() throws -> (stripe: TestSandbox, meter: String) {
    let stripe = try TestSandbox()
    _ = stripe.post("/v1/products", "id=p&name=x")
    let meter = stripe.post(
      "/v1/billing/meters", "display_name=m&event_name=m&default_aggregation[formula]=sum")
    return (stripe, meter.id)
  }

  @Test(.tags(.unit)) func takesEveryKind() throws {
    let (stripe, meter) = try sandbox()
    let make = { (form: String) in stripe.post("/v1/prices", "product=p&currency=usd&\(form)") }
    let once = make("unit_amount=500")
    #expect(once["type"] == "one_time")
    #expect(once["unit_amount_decimal"] == "500")
    let licensed = make("unit_amount=1900&recurring[interval]=month&recurring[interval_count]=3")
    #expect(licensed["type"] == "recurring")
    #expect(licensed.body[at: "recurring", "interval_count"] == 3)
    let fraction = make("unit_amount_decimal=0.25")
    #expect(fraction["unit_amount"] == .null)
    #expect(fraction["unit_amount_decimal"] == "0.25")
    #expect(make("unit_amount_decimal=25.0")["unit_amount"] == 25)
    let metered = make(
      "recurring[interval]=month&recurring[usage_type]=metered&recurring[meter]=\(meter)"
        + "&billing_scheme=tiered&tiers_mode=graduated&tiers[0][up_to]=1000&tiers[0][unit_amount]=0"
        + "&tiers[1][up_to]=inf&tiers[1][unit_amount_decimal]=1.5&tiers[1][flat_amount]=9"
        + "&expand[]=tiers")
    #expect(metered["billing_scheme"] == "tiered")
    #expect(metered.body[at: "tiers", "0", "up_to"] == 1000)
    #expect(metered.body[at: "tiers", "1", "unit_amount_decimal"] == "1.5")
    #expect(metered.body[at: "tiers", "1", "up_to"] == .null)
    #expect(stripe.get("/v1/prices/\(metered.id)")["tiers"] == nil)
    #expect(make("custom_unit_amount[enabled]=true&custom_unit_amount[minimum]=5").status == 200)
    let many = make(
      "unit_amount=1&currency_options[eur][unit_amount]=2&expand[]=currency_options")
    #expect(many.body[at: "currency_options", "eur", "unit_amount"] == 2)
    let inline = stripe.post(
      "/v1/prices", "currency=usd&unit_amount=1&product_data[name]=Inline")
    #expect(stripe.get("/v1/products/\(inline["product"]?.string ?? "")")["name"] == "Inline")
    #expect(stripe.get("/v1/prices", "recurring[usage_type]=metered").ids == [metered.id])
    #expect(stripe.get("/v1/prices", "recurring[meter]=\(meter)").ids == [metered.id])
    #expect(stripe.get("/v1/prices", "type=recurring").ids == [metered.id, licensed.id])
  }

  @Test(.tags(.unit)) func handsLookupKeysOver() throws {
    let (stripe, _) = try sandbox()
    let form = "product=p&currency=usd&unit_amount=1&lookup_key=a"
    let first = stripe.post("/v1/prices", form)
    #expect(
      stripe.post("/v1/prices", form).error == "400 invalid_request_error - lookup_key: "
        + "A price (`\(first.id)`) already uses that lookup key.")
    let second = stripe.post("/v1/prices", form + "&transfer_lookup_key=true")
    #expect(stripe.get("/v1/prices", "lookup_keys[]=a&lookup_keys[]=b").ids == [second.id])
    #expect(stripe.get("/v1/prices/\(first.id)")["lookup_key"] == .null)
    #expect(try stripe.eventTypes().suffix(2) == ["price.updated", "price.created"])
    #expect(stripe.post("/v1/prices/\(first.id)", "lookup_key=a").status == 400)
    let back = stripe.post("/v1/prices/\(first.id)", "lookup_key=a&transfer_lookup_key=true")
    #expect(back["lookup_key"] == "a")
    #expect(stripe.post("/v1/prices/\(first.id)", "lookup_key=&nickname=n")["lookup_key"] == .null)
  }

  @Test(.tags(.unit)) func changesWhatMayChange() throws {
    let (stripe, _) = try sandbox()
    let price = stripe.post("/v1/prices", "product=p&currency=usd&unit_amount=1")
    let change = { (form: String) in stripe.post("/v1/prices/\(price.id)", form) }
    #expect(change("active=false&nickname=n&metadata[a]=1")["active"] == false)
    #expect(change("tax_behavior=exclusive")["tax_behavior"] == "exclusive")
    #expect(change("tax_behavior=inclusive").status == 400)
    let more = change("currency_options[eur][unit_amount]=7&expand[]=currency_options")
    #expect(more.body[at: "currency_options", "eur", "unit_amount"] == 7)
    let none = change("currency_options=&expand[]=currency_options")
    #expect(none.body["currency_options"]?.object?.keys == ["usd"])
    #expect(
      change("unit_amount=2").error
        == "400 invalid_request_error parameter_unknown unit_amount: Received unknown parameter: "
        + "unit_amount")
    #expect(
      stripe.get("/v1/prices/price_x").error
        == "404 invalid_request_error resource_missing id: No such price: 'price_x'")
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("unit_amount=1", "product", "parameter_missing product"),
      ("product=zz&unit_amount=1", "", "resource_missing product"),
      ("product=p&product_data[name]=x&unit_amount=1", "", "parameters_exclusive product"),
      ("product=p", "", "parameter_missing unit_amount"),
      ("product=p&unit_amount=1&unit_amount_decimal=1", "", "parameters_exclusive unit_amount"),
      ("product=p&unit_amount=-1", "", "parameter_invalid_integer unit_amount"),
      ("product=p&unit_amount=1000000000000", "", "parameter_invalid_integer unit_amount"),
      ("product=p&unit_amount_decimal=-1", "", "- unit_amount_decimal"),
      ("product=p&unit_amount_decimal=0.0000000000001", "", "- unit_amount_decimal"),
      ("product=p&unit_amount=1&tiers_mode=graduated", "", "- tiers_mode"),
      ("product=p&tiers[0][up_to]=inf&tiers[0][unit_amount]=1", "", "- tiers"),
      ("product=p&billing_scheme=tiered&unit_amount=1", "", "- unit_amount"),
      ("product=p&billing_scheme=tiered", "", "parameter_missing tiers_mode"),
      ("product=p&billing_scheme=tiered&tiers_mode=volume", "", "parameter_missing tiers"),
      (
        "product=p&billing_scheme=tiered&tiers_mode=volume&tiers[0][up_to]=5"
          + "&tiers[0][unit_amount]=1", "", "- tiers[0][up_to]"
      ),
      (
        "product=p&billing_scheme=tiered&tiers_mode=volume&tiers[0][up_to]=inf", "",
        "parameter_missing tiers[0][unit_amount]"
      ),
      (
        "product=p&billing_scheme=tiered&tiers_mode=volume&tiers[0][up_to]=5"
          + "&tiers[0][unit_amount]=1&tiers[1][up_to]=5&tiers[1][unit_amount]=1"
          + "&tiers[2][up_to]=inf&tiers[2][unit_amount]=1", "", "- tiers[1][up_to]"
      ),
      (
        "product=p&unit_amount=1&recurring[interval]=month&recurring[interval_count]=37", "",
        "- recurring[interval_count]"
      ),
      (
        "product=p&unit_amount=1&recurring[interval]=month&recurring[usage_type]=metered", "",
        "parameter_missing recurring[meter]"
      ),
      (
        "product=p&unit_amount=1&recurring[interval]=month&recurring[meter]=m", "",
        "- recurring[meter]"
      ),
      (
        "product=p&unit_amount=1&recurring[interval]=month&recurring[usage_type]=metered"
          + "&recurring[meter]=m", "", "resource_missing recurring[meter]"
      ),
      ("product=p&custom_unit_amount[enabled]=false", "", "- custom_unit_amount[enabled]"),
      (
        "product=p&unit_amount=1&currency_options[usd][unit_amount]=1", "",
        "- currency_options[usd]"
      ),
      (
        "product=p&unit_amount=1&currency_options[eur][foo]=1", "",
        "parameter_missing currency_options[eur][unit_amount]"
      ),
      (
        "product=p&unit_amount=1&currency_options[xxx][unit_amount]=1", "",
        "- currency_options[xxx]"
      ),
      (
        "product=p&unit_amount=1&lookup_key=" + String(repeating: "k", count: 201), "",
        "- lookup_key"
      ),
    ])
  func refuses(_ form: String, _ note: String, _ expected: String) throws {
    let (stripe, _) = try sandbox()
    let answer = stripe.post("/v1/prices", "currency=usd&\(form)")
    #expect(answer.error.hasPrefix("400 invalid_request_error \(expected): "), "\(answer.error)")
    #expect(try stripe.eventTypes() == ["product.created", "billing.meter.created"])
  }

  @Test(.tags(.unit)) func refusesUnknownCurrencies() throws {
    let (stripe, _) = try sandbox()
    let answer = stripe.post("/v1/prices", "currency=zzz&product=p&unit_amount=1")
    #expect(
      answer.error.hasPrefix(
        "400 invalid_request_error - currency: Invalid currency: zzz. Stripe currently supports "))
    let keys = (0...10).map { "lookup_keys[]=\($0)" }.joined(separator: "&")
    #expect(stripe.get("/v1/prices", keys).status == 400)
  }
}
