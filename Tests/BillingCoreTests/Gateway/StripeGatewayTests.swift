import Basics
import GRDB
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct StripeGatewayTests {
  private func page(_ ids: [String], hasMore: Bool) -> ScriptedTransport.Answer {
    .json([
      "object": "list", "data": .array(ids.map { Sample.customer($0) }),
      "has_more": .bool(hasMore),
    ])
  }

  @Test func whatIsReadIsTakenIn() async throws {
    let bench = try Workbench([("GET /v1/customers/cus_1", .json(Sample.customer()))])
    _ = try await bench.runner.gateway.read(StripePath("customers", "cus_1"))
    #expect(try bench.store.read { try $0.customer("cus_1") }?.email == "one@example.com")
  }

  @Test func aListIsReadToItsEnd() async throws {
    let bench = try Workbench([
      ("GET /v1/customers?limit=100", page(["cus_1", "cus_2"], hasMore: true)),
      ("GET /v1/customers?limit=100&starting_after=cus_2", page(["cus_3"], hasMore: false)),
    ])
    let found = try await bench.runner.gateway.list(StripePath("customers"))
    #expect(found.objects.map { $0["id"] } == ["cus_1", "cus_2", "cus_3"] && !found.hasMore)
    #expect(try bench.store.read { try $0.customers(limit: nil) }.count == 3)
    bench.transport.finish()
  }

  @Test(arguments: [
    // No more than is wanted is asked for, and the last page says whether there is more.
    (["cus_1", "cus_2"], true, true), (["cus_1", "cus_2"], false, false),
  ])
  func aLimit(_ ids: [String], _ hasMore: Bool, _ expected: Bool) async throws {
    let bench = try Workbench([("GET /v1/customers?limit=2", page(ids, hasMore: hasMore))])
    let found = try await bench.runner.gateway.list(StripePath("customers"), limit: 2)
    #expect(found.objects.count == 2 && found.hasMore == expected)
    bench.transport.finish()
  }

  @Test func whatIsNotWantedDoesNotCount() async throws {
    let bench = try Workbench([
      ("GET /v1/customers?limit=2", page(["cus_1", "cus_2"], hasMore: true)),
      (
        "GET /v1/customers?limit=2&starting_after=cus_2", page(["cus_3", "cus_4"], hasMore: false)
      ),
    ])
    let found = try await bench.runner.gateway.list(StripePath("customers"), limit: 2) {
      $0["id"] != "cus_1"
    }
    #expect(found.objects.map { $0["id"] } == ["cus_2", "cus_3"] && found.hasMore)
    bench.transport.finish()
  }

  @Test func whatIsNotKnownIsNil() async throws {
    let missing = ScriptedTransport.Answer.json(
      ["error": ["type": "invalid_request_error", "message": "No such"]], status: 404)
    let bench = try Workbench([("GET /v1/customers/cus_1", missing)])
    #expect(
      try await bench.runner.gateway.readIfKnown(StripePath("customers", "cus_1")) == nil)
  }

  @Test func aDatabaseThatCanOnlyBeReadStaysAsItIs() async throws {
    let store = Store(
      path: "read-only", isReadOnly: true, queue: try DatabaseQueue(), now: { noon })
    let bench = try Workbench(
      [("GET /v1/customers/cus_1", .json(Sample.customer()))], store: store)
    let json = try await bench.runner.gateway.read(StripePath("customers", "cus_1"))
    #expect(json["id"] == "cus_1")
  }

  @Test func anAnswerWithoutADateIsNotTakenIn() async throws {
    let bench = try Workbench([
      ("GET /v1/customers/cus_1", .json(Sample.customer(), headers: ["Date": "yesterday"]))
    ])
    _ = try await bench.runner.gateway.read(StripePath("customers", "cus_1"))
    #expect(try bench.store.read { try $0.customer("cus_1") } == nil)
  }

  @Test func discountsAreKeptByThemselvesAndPutInAgain() async throws {
    let coupon: JSON = ["id": "launch", "object": "coupon", "percent_off": 20]
    let discount: JSON = [
      "id": "di_1", "object": "discount", "source": ["coupon": coupon, "type": "coupon"],
      "promotion_code": .null, "end": .null,
    ]
    let expanded = Sample.subscription(changing: ["discounts": [discount]])
    let bench = try Workbench([("GET /v1/subscriptions/sub_1", .json(expanded))])
    _ = try await bench.runner.gateway.read(StripePath("subscriptions", "sub_1"))
    try bench.store.read { transaction in
      #expect(try transaction.objectJSON("sub_1")?["discounts"] == ["di_1"])
      let source = try transaction.objectJSON("di_1")?["source"]
      #expect(source == ["coupon": "launch", "type": "coupon"])
      #expect(try transaction.subscriptionJSON("sub_1") == expanded)
      #expect(try transaction.subscriptionJSON("sub_2") == nil)
    }
  }
}
