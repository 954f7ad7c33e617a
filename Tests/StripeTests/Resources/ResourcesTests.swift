import Basics
import Foundation
import Testing

@testable import Stripe

/// Stripe's published examples, and small objects for what no recording shows.
@Suite(.tags(.unit)) struct ResourcesTests {
  private func json(_ text: String) throws -> JSON { try JSON(parsing: text) }

  @Test func publishedExamplesDecode() throws {
    #expect(try Customer(StripeFixtures.published("customer")).id == "cus_QXg1o8vcGmoR32")
    #expect(try Customer(StripeFixtures.published("deleted_customer")).isDeleted)
    #expect(try Product(StripeFixtures.published("product")).name == "T-shirt")
    #expect(try Product(StripeFixtures.published("deleted_product")).isDeleted)
    #expect(try Price(StripeFixtures.published("price")).unitAmount == 2000)
    #expect(try Price(StripeFixtures.published("plan")).unitAmountDecimal == "2000")
    #expect(try Coupon(StripeFixtures.published("coupon")).percentOff == Decimal(string: "25.5"))
    #expect(try Discount(StripeFixtures.published("discount")).couponID == nil)
    #expect(try PromotionCode(StripeFixtures.published("promotion_code")).code == "FALL20")
    #expect(try PaymentMethod(StripeFixtures.published("payment_method")).card?.brand == "visa")
    #expect(try Invoice(StripeFixtures.published("invoice")).amountDue == 1000)
    #expect(try InvoiceLine(StripeFixtures.published("line_item")).isProration)
    #expect(
      try Subscription(StripeFixtures.published("subscription")).currentPeriodStart
        == Timestamp(1_896_570_518))
    #expect(try SubscriptionItem(StripeFixtures.published("subscription_item")).quantity == 1)
    let meter = try Meter(StripeFixtures.published("billing.meter"))
    #expect(meter.eventName == "test-meter-event-name")
    #expect(meter.aggregationFormula == "sum")
    #expect(meter.customerPayloadKey == "customer")
    #expect(meter.valuePayloadKey == "value")
    let feature = try EntitlementFeature(StripeFixtures.published("entitlements.feature"))
    #expect(feature.lookupKey == "something")
    #expect(feature.isActive)
    let event = try Event(StripeFixtures.published("event"))
    #expect(event.type == "plan.created")
    #expect(event.object["id"]?.string == "price_1PgafmB7WZ01zgkW6dKueIc5")
    #expect(event.previousAttributes == nil)
  }

  private func subscription(_ more: String) throws -> Subscription {
    try Subscription(
      json(
        """
        {"id":"sub_1","object":"subscription","customer":"cus_1","status":"active","created":1,
        "currency":"usd","livemode":false,\(more)}
        """))
  }

  @Test func subscriptionFieldsOfEveryKind() throws {
    let subscription = try subscription(
      """
      "cancel_at_period_end":true,"cancel_at":5,"canceled_at":6,"ended_at":7,"start_date":2,
      "trial_start":3,"trial_end":4,"pending_update":{"expires_at":8},
      "schedule":{"id":"sub_sched_1","object":"subscription_schedule","status":"active",
      "phases":[]},"latest_invoice":"in_1","metadata":{"billing_operation":"op_1"},
      "default_payment_method":{"id":"pm_1"},"test_clock":"clock_1",
      "collection_method":"send_invoice","cancellation_details":{"reason":"payment_failed"},
      "pause_collection":{"behavior":"void"},"new_field":{"a":[1]}
      """)
    #expect(subscription.cancelAtPeriodEnd)
    #expect(
      [
        subscription.startDate, subscription.trialStart, subscription.trialEnd,
        subscription.cancelAt, subscription.canceledAt, subscription.endedAt,
        subscription.pendingUpdateExpiresAt,
      ].map { $0?.seconds } == [2, 3, 4, 5, 6, 7, 8])
    #expect(subscription.scheduleID == "sub_sched_1")
    #expect(subscription.latestInvoiceID == "in_1")
    #expect(subscription.clientSecret == nil)
    #expect(subscription.hostedInvoiceURL == nil)
    #expect(subscription.billingOperation == "op_1")
    #expect(subscription.defaultPaymentMethodID == "pm_1")
    #expect(subscription.testClockID == "clock_1")
    #expect(subscription.collectionMethod == "send_invoice")
    #expect(subscription.cancellationReason == "payment_failed")
    #expect(subscription.pauseCollection?.resumesAt == nil)
    #expect(subscription.currentPeriodEnd == nil)
  }

  @Test func periodOfSeveralItemsIsTheEarliest() throws {
    let item = { (id: String, start: Int, end: Int) in
      """
      {"id":"\(id)","current_period_start":\(start),"current_period_end":\(end),"price":
      {"id":"p","currency":"usd","created":1,"livemode":false}}
      """
    }
    let items = "\(item("si_1", 20, 40)),\(item("si_2", 10, 50))"
    let subscription = try subscription(#""items":{"data":[\#(items)]}"#)
    #expect(subscription.currentPeriodStart == Timestamp(10))
    #expect(subscription.currentPeriodEnd == Timestamp(40))
    #expect(subscription.items.map { $0.quantity } == [nil, nil])
  }

  @Test(
    arguments: [
      (#""discounts":["di_1","di_2"]"#, ["di_1", "di_2"], [nil, nil]),
      (#""discounts":["di_1"],"discount":{"id":"di_1","coupon":"c"}"#, ["di_1"], ["c"]),
      (#""discount":{"coupon":{"id":"c"}}"#, [nil], ["c"]),
      (#""discounts":[],"discount":{"id":"di_1","coupon":"c"}"#, ["di_1"], ["c"]),
      (#""discounts":[{"id":"di_1","source":{"coupon":"c"}}]"#, ["di_1"], ["c"]),
      (#""discounts":[{"id":"di_1","source":{"coupon":{"id":"c"}}}]"#, ["di_1"], ["c"]),
      (#""discounts":null"#, [], []),
    ] as [(String, [String?], [String?])])
  func discountsInAllLayouts(_ more: String, _ ids: [String?], _ coupons: [String?]) throws {
    let discounts = try subscription(more).discounts
    #expect(discounts.map { $0.id } == ids)
    #expect(discounts.map { $0.couponID } == coupons)
  }

  @Test func discountWithItsCoupon() throws {
    let discount = try Discount(
      json(
        """
        {"id":"di_1","end":9,"promotion_code":{"id":"promo_1"},
        "source":{"coupon":{"id":"c","percent_off":12.5,"amount_off":null}}}
        """))
    #expect(discount.percentOff == Decimal(string: "12.5"))
    #expect(discount.amountOff == nil)
    #expect(discount.promotionCodeID == "promo_1")
    #expect(discount.end == Timestamp(9))
  }

  @Test func promotionCodesInBothLayouts() throws {
    let start = #"{"id":"promo_1","code":"X","active":true,"created":1,"livemode":false,"#
    let old = try PromotionCode(json(start + #""coupon":{"id":"c"}}"#))
    let new = try PromotionCode(json(start + #""promotion":{"type":"coupon","coupon":"c"}}"#))
    #expect(old == new)
    #expect(new.couponID == "c")
  }

  @Test func tieredAndMeteredPrice() throws {
    let price = try Price(
      json(
        """
        {"id":"price_1","currency":"usd","created":1,"livemode":true,"active":false,
        "product":{"id":"prod_1","name":"P"},"billing_scheme":"tiered","tiers_mode":"graduated",
        "lookup_key":"k","unit_amount":null,"recurring":{"interval":"fortnight",
        "interval_count":3,"usage_type":"metered","meter":"mtr_1"},
        "tiers":[{"up_to":1000,"unit_amount":0,"flat_amount":500},
        {"up_to":null,"unit_amount_decimal":"0.5"}]}
        """))
    #expect(price.productID == "prod_1")
    #expect(!price.isActive && price.isLive)
    #expect(price.lookupKey == "k")
    #expect(price.recurring?.interval.rawValue == "fortnight")
    #expect(price.recurring?.intervalCount == 3)
    #expect(price.recurring?.meterID == "mtr_1")
    #expect(
      price.tiers == [
        Price.Tier(upTo: 1000, unitAmountDecimal: "0", flatAmount: 500),
        Price.Tier(upTo: nil, unitAmountDecimal: "0.5", flatAmount: nil),
      ])
    #expect(price.tiersMode == "graduated")
  }

  @Test func invoiceLineProrationsInBothLayouts() throws {
    let start = """
      {"id":"il_1","amount":-500,"currency":"usd","period":{"start":1,"end":2},
      """
    let lines = try [
      #""proration":true,"price":"price_1","subscription":"sub_1","subscription_item":"si_1"}"#,
      #""proration":true,"plan":{"id":"price_1"},"subscription":"sub_1","subscription_item":"si_1"}"#,
      """
      "pricing":{"price_details":{"price":{"id":"price_1"}}},"parent":{
      "type":"subscription_item_details","invoice_item_details":{"proration":false},
      "subscription_item_details":{"proration":true,"subscription":"sub_1",
      "subscription_item":"si_1"}}}
      """,
    ].map { try InvoiceLine(json(start + $0)) }
    #expect(Set(lines).count == 1)
    #expect(lines[0].isProration)
    #expect(lines[0].amount == -500)
    #expect(lines[0].priceID == "price_1")
  }

  @Test func previewOfAnOldVersionHasNoID() throws {
    let invoice = try Invoice(
      json(
        """
        {"object":"invoice","customer":{"id":"cus_1"},"currency":"usd","subtotal":1,"total":1,
        "amount_due":1,"amount_paid":0,"amount_remaining":1,"period_start":1,"period_end":2,
        "created":1,"livemode":false,"next_payment_attempt":9,"lines":{"data":[]}}
        """))
    #expect(invoice.id == Invoice.previewID)
    #expect(invoice.status == "draft")
    #expect(invoice.nextPaymentAttempt == Timestamp(9))
  }

  @Test func customerWithDefaults() throws {
    let customer = try Customer(
      json(
        """
        {"id":"cus_1","created":1,"livemode":true,"balance":-700,"currency":"eur",
        "delinquent":true,"metadata":{"external_id":"u1"},"default_source":{"id":"card_1"},
        "invoice_settings":{"default_payment_method":"pm_1"},"test_clock":"clock_1"}
        """))
    #expect(customer.balance == -700)
    #expect(customer.isDelinquent && customer.isLive)
    #expect(customer.metadata == ["external_id": "u1"])
    #expect(customer.defaultSourceID == "card_1")
    #expect(customer.defaultPaymentMethodID == "pm_1")
    #expect(customer.testClockID == "clock_1")
  }

  @Test func events() throws {
    let event = try Event(
      json(
        """
        {"id":"evt_1","type":"customer.subscription.updated","created":7,"livemode":false,
        "api_version":"2020-08-27","account":"acct_1","data":{"object":{"id":"sub_1"},
        "previous_attributes":{"status":"trialing"}},
        "request":{"id":"req_1","idempotency_key":"k"}}
        """))
    #expect(event.apiVersion == "2020-08-27")
    #expect(event.account == "acct_1")
    #expect(event.previousAttributes == ["status": "trialing"])
    #expect(event.requestID == "req_1")
    #expect(event.requestIdempotencyKey == "k")
    let old = try Event(
      json(
        """
        {"id":"evt_1","type":"x","created":7,"livemode":false,"data":{"object":{}},
        "request":"req_1"}
        """))
    #expect(old.requestID == "req_1")
    #expect(old.requestIdempotencyKey == nil)
  }

  // MARK: What is malformed

  @Test(arguments: [
    ("7", "subscription is not an object"),
    ("{}", "subscription: id is not a text"),
    (#"{"id":""}"#, "subscription: id is not a text that is not empty"),
    (#"{"id":"s","customer":7}"#, "subscription s: customer is not an id or an object with one"),
    (#"{"id":"s","customer":"c"}"#, "subscription s: status is not a text"),
    (
      #"{"id":"s","customer":"c","status":"active","items":7}"#,
      "subscription s: items is not a list"
    ),
    (
      #"{"id":"s","customer":"c","status":"active","items":{"data":[7]}}"#,
      "subscription s: items.data.0 is not an object"
    ),
    (
      #"{"id":"s","customer":"c","status":"active","items":[{"id":"si"}]}"#,
      "subscription s: items.0.price is not an object"
    ),
    (
      """
      {"id":"s","customer":"c","status":"active","items":{"data":[{"id":"si","price":{"id":"p",
      "currency":"usd","recurring":{"interval":"month","interval_count":0}}}]}}
      """,
      "subscription s: items.data.0.price.recurring.interval_count is not a whole number from 1 to 10000"
    ),
    (
      #"{"id":"s","customer":"c","status":"active","created":9223372036854775807}"#,
      "subscription s: created is not a time in unix seconds"
    ),
    (
      #"{"id":"s","customer":"c","status":"active","created":1.5}"#,
      "subscription s: created is not a time in unix seconds"
    ),
    (
      #"{"id":"s","customer":"c","status":"active","created":1,"cancel_at_period_end":"no"}"#,
      "subscription s: cancel_at_period_end is not true or false"
    ),
    (
      #"{"id":"s","customer":"c","status":"active","created":1}"#,
      "subscription s: currency is not a text"
    ),
    (
      #"{"id":"s","customer":"c","status":"active","created":1,"currency":"usd","metadata":{"a":1}}"#,
      "subscription s: metadata.a is not a text"
    ),
    (
      #"{"id":"s","customer":"c","status":"active","created":1,"currency":"usd","metadata":[]}"#,
      "subscription s: metadata is not an object"
    ),
  ])
  func saysWhereItIsMalformed(_ text: String, _ description: String) throws {
    do throws(MalformedObject) {
      _ = try Subscription((try? JSON(parsing: text)) ?? .null)
      Issue.record("decoded")
    } catch {
      #expect(error.description == description)
    }
  }

  @Test func malformedObjectIsAValue() throws {
    #expect(
      throws: MalformedObject(
        kind: "coupon", id: "c", path: "percent_off", expected: "a number")
    ) { try Coupon(["id": "c", "percent_off": "ten"]) }
    #expect(
      throws: MalformedObject(kind: "event", id: "e", path: "data.object", expected: "an object")
    ) {
      try Event([
        "id": "e", "type": "t", "created": 1, "livemode": false, "data": ["object": 7],
      ])
    }
  }
}
