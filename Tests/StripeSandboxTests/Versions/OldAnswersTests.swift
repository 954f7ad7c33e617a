import Basics
import Foundation
import Testing

@testable import StripeSandbox

/// What objects look like to older versions.
@Suite struct OldAnswersTests {
  private let world: MoneyWorld
  private let acacia = "2024-11-20.acacia"

  init() throws { world = try MoneyWorld() }

  private func get(_ target: String, _ parameters: String = "", _ version: String) throws -> Answer
  {
    let known = try #require(APIVersion(version))
    let answer = world.stripe.send(
      "GET", target, parameters, headers: [("Stripe-Version", version)], isChecked: false)
    // Of the versions between, no facts are at hand.
    if answer.status == 200, version == acacia {
      #expect(ObjectFacts.faults(in: answer.body, version: known) == [], "\(target) \(version)")
    }
    return answer
  }

  @Test(.tags(.unit)) func aSubscriptionHasThePeriodOfItsItems() throws {
    let subscription = world.subscribe(world.customer())
    let now = try get("/v1/subscriptions/\(subscription.id)", "", "2025-03-31.basil")
    let old = try get("/v1/subscriptions/\(subscription.id)", "", acacia)
    for name in ["current_period_start", "current_period_end"] {
      #expect(now[name] == nil)
      #expect(now.item[name]?.integer != nil)
      #expect(old[name] == now.item[name])
      #expect(old.item[name] == nil)
    }
  }

  @Test(.tags(.unit)) func anInvoiceNamesItsPayment() throws {
    let subscription = world.subscribe(world.customer())
    let id = subscription["latest_invoice"]?.string ?? ""
    let old = try get("/v1/invoices/\(id)", "", acacia)
    #expect(old["paid"] == true)
    #expect(old["paid_out_of_band"] == false)
    #expect(old["subscription"]?.string == subscription.id)
    let expanded = try get(
      "/v1/subscriptions/\(subscription.id)",
      "expand[]=latest_invoice.payment_intent&expand[]=latest_invoice.charge", acacia)
    #expect(expanded["latest_invoice", "payment_intent", "status"] == "succeeded")
    #expect(expanded["latest_invoice", "payment_intent", "invoice"]?.string == id)
    #expect(expanded["latest_invoice", "charge", "invoice"]?.string == id)
    #expect(
      try get("/v1/invoices/\(id)", "expand[]=payment_intent", "2025-03-31.basil").error
        == "400 invalid_request_error - -: This property cannot be expanded (payment_intent).")
    #expect(
      try get("/v1/invoices/\(id)", "expand[]=payments", acacia).error
        == "400 invalid_request_error - -: This property cannot be expanded (payments).")
  }

  @Test(.tags(.unit)) func aLineHoldsItsPrice() throws {
    let subscription = world.subscribe(world.customer())
    let invoice = try get(
      "/v1/invoices/\(subscription["latest_invoice"]?.string ?? "")", "", acacia)
    let line = invoice["lines", "data", "0"] ?? .null
    #expect(line[at: "price", "id"]?.string == world.monthly)
    #expect(line[at: "plan", "amount"] == 1900)
    #expect(line["proration"] == false)
    #expect(line["type"] == "subscription")
    #expect(line["subscription_item"] == subscription.item["id"])
    #expect(line["pricing"] == nil)
    #expect(line["parent"] == nil)
  }

  @Test(.tags(.unit)) func aDiscountHoldsItsCoupon() throws {
    _ = world.stripe.post("/v1/coupons", "id=ten&percent_off=10&duration=forever")
    let subscription = world.subscribe(world.customer(), "discounts[0][coupon]=ten")
    let path = "/v1/subscriptions/\(subscription.id)"
    let basil = try get(path, "expand[]=discounts", "2025-03-31.basil")
    #expect(basil["discounts", "0", "coupon", "percent_off"]?.compact == "10")
    #expect(basil["discounts", "0", "source"] == nil)
    #expect(basil["discount"] == nil)
    let old = try get(path, "", acacia)
    #expect(old["discount", "coupon", "id"] == "ten")
    let now = try get(path, "expand[]=discounts.source.coupon", "2025-09-30.clover")
    #expect(now["discounts", "0", "source", "coupon", "id"] == "ten")
    #expect(now["discounts", "0", "coupon"] == nil)
  }

  @Test(.tags(.unit)) func anIntentOfOldHasItsCharges() throws {
    _ = world.subscribe(world.customer())
    let id = try #require(world.stripe.get("/v1/payment_intents").ids.first)
    let old = world.stripe.send(
      "GET", "/v1/payment_intents/\(id)", headers: [("Stripe-Version", "2020-08-27")],
      isChecked: false)
    #expect(old["charges", "total_count"] == 1)
    #expect(old["charges", "data", "0", "refunds", "object"] == "list")
    #expect(old["latest_charge"] == nil)
  }

  @Test(.tags(.unit)) func aListTellsItsCountUntilBasil() throws {
    let stripe = try TestSandbox()
    for index in 0..<101 { _ = stripe.post("/v1/customers", "name=\(index)") }
    let list = { (version: String) in
      stripe.send(
        "GET", "/v1/customers", "limit=2&expand[]=total_count",
        headers: [("Stripe-Version", version)])
    }
    #expect(list(acacia)["total_count"] == 101)
    #expect(list(acacia).ids.count == 2)
    #expect(list("2025-03-31.basil").status == 400)
  }

  @Test(.tags(.unit)) func operationsComeAndGo() throws {
    #expect(
      try get("/v1/invoice_payments", "", acacia).error
        == "404 invalid_request_error - -: Unrecognized request URL (GET: /v1/invoice_payments). "
        + "Please see https://stripe.com/docs or we can help at https://support.stripe.com/.")
    #expect(try get("/v1/invoice_payments", "", "2025-03-31.basil").status == 200)
  }

  @Test(.tags(.unit)) func theAccountHasAVersion() throws {
    let stripe = world.stripe
    #expect(stripe.get("/v1/account").header("Stripe-Version") == "2026-10-28.endive")
    #expect(stripe.post("/sandbox/account", "api_version=2024-11-20.endive").status == 400)
    #expect(stripe.post("/sandbox/account", "api_version=\(acacia)").status == 200)
    let answer = stripe.send("GET", "/v1/account", isChecked: false)
    #expect(answer.header("Stripe-Version") == acacia)
    let subscription = stripe.send(
      "POST", "/v1/subscriptions",
      "customer=\(world.customer())&items[0][price]=\(world.monthly)", isChecked: false)
    #expect(subscription["current_period_end"]?.integer != nil)
  }
}
