import Basics
import BillingCore
import Synchronization
import Testing

@testable import billing

@Suite(.tags(.unit)) struct WebhookTriggerTests {
  @Test(arguments: [
    ("", "TYPE is missing;"),
    (
      "invoice.payd",
      "no event 'invoice.payd' can be triggered; did you mean invoice.paid?"
    ),
    (
      "invoice.paid --set data", "--set must be PATH=VALUE, not 'data';"
    ),
    ("invoice.paid invoice.paid", "unexpected 'invoice.paid';"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    let said = Words.mistake("webhook trigger \(words)") ?? "-"
    #expect(
      said.hasPrefix(message) && said.hasSuffix("see billing webhook trigger --help"), "\(said)")
  }

  @Test func allThatIsHandledCanBeTriggered() {
    #expect(HandledEvents.types.filter { TriggerScripts.script(of: $0) == nil } == [])
  }

  /// Every script ends in its event, and the mirror takes all that comes with it.
  @Test(arguments: TriggerScripts.types) func everyEventComesAboutAndIsTakenIn(
    _ type: String
  ) async throws {
    let shop = try await Shop()
    let list = try await shop.json("webhook trigger \(type)")
    let rows = list["data"]?.array ?? []
    #expect(rows.contains { $0["type"]?.string == type })
    #expect(rows.allSatisfy { $0["status"] == "processed" || $0["status"] == "ignored" })
    let now = shop.world.clock.withLock { $0 }.iso8601
    #expect(rows.allSatisfy { $0["created"]?.string ?? "z" <= now })
  }

  // MARK: A customer of the mirror

  private func types(_ list: JSON) -> [String] {
    (list["data"]?.array ?? []).map { $0["type"]?.string ?? "-" }
  }

  private func changes(_ shop: Shop) async throws -> [String] {
    let rows = try await shop.json("subscription history ada@example.com")["data"]?.array ?? []
    return rows.map { "\(Cell($0["kind"]).text) \(Cell($0["from"]).text) \(Cell($0["to"]).text)" }
  }

  @Test func aFailedPaymentComesWithTheSubscriptionPastDue() async throws {
    let shop = try await Shop()
    let (customer, made) = try await shop.subscriber()
    let before = try await changes(shop)
    let list = try await shop.json(
      "webhook trigger invoice.payment_failed --customer ada@example.com")
    #expect(
      types(list) == [
        "customer.subscription.updated", "invoice.created", "invoice.finalized",
        "payment_intent.created", "charge.failed", "payment_intent.payment_failed",
        "invoice.payment_failed", "customer.updated", "customer.subscription.updated",
      ])
    #expect(list["data"]?.array?.allSatisfy { $0["customer"]?.string == customer } == true)
    #expect(try await changes(shop) == before + ["status active past_due"])
    let row = try await shop.json("subscription show ada@example.com --local")
    #expect(row["status"] == "past_due" && row["id"] == made["id"] && row["plan"] == "team")
    #expect(row["items"]?.array?.first?["id"] == made["items"]?.array?.first?["id"])
    let customerRow = try await shop.json("customer show ada@example.com --local")
    #expect(customerRow["email"] == "ada@example.com" && customerRow["delinquent"] == true)
    let paid = try await shop.json("webhook trigger invoice.paid --customer ada@example.com")
    #expect(types(paid).last == "invoice.payment_succeeded")
    #expect(
      try await changes(shop)
        == before + ["status active past_due", "status past_due active"])
  }

  /// Nobody is made a second time, and nothing of the first is lost.
  @Test func aCustomerWhoIsThereIsNotDoubled() async throws {
    let shop = try await Shop()
    let before = try await shop.json("customer create --email ada@example.com --external-id u-1")
    let list = try await shop.json("webhook trigger customer.created --customer ada@example.com")
    #expect(list["data"]?.array?.map { $0["customer"] } == [before["id"]])
    #expect(try await shop.json("customer show ada@example.com --local") == before)
  }

  @Test func aSubscriptionThatEndsIsTheCustomersOwn() async throws {
    let shop = try await Shop()
    _ = try await shop.subscriber()
    let list = try await shop.json(
      "webhook trigger customer.subscription.deleted --customer ada@example.com")
    #expect(types(list).filter { $0.hasPrefix("customer.") } == ["customer.subscription.deleted"])
    #expect(try await changes(shop).last == "status active canceled")
    #expect(try await shop.json("customer show ada@example.com --local")["plan"] == "free")
  }

  /// Without a subscription of its own the customer gets one first.
  @Test func aCustomerWithoutSubscription() async throws {
    let shop = try await Shop()
    let customer = try await shop.json("customer create --email ada@example.com")["id"]
    let list = try await shop.json(
      "webhook trigger invoice.payment_failed --customer ada@example.com")
    #expect(types(list).contains("customer.subscription.created"))
    #expect(!types(list).contains("customer.created"))
    #expect(
      list["data"]?.array?.allSatisfy { $0["customer"] == customer || $0["status"] == "ignored" }
        == true)
    let row = try await shop.json("customer show ada@example.com --local")
    #expect(row["status"] == "past_due" && row["plan"] == "team")
  }

  // MARK: Another value

  @Test func anotherValue() async throws {
    let shop = try await Shop()
    let events = try await shop.json(
      """
      webhook trigger customer.created --set data.object.email=grace@example.com \
      --set data.object.balance=-500 --set data.object.metadata.team=a --set data.object.name=null \
      --dry-run
      """)
    let object = events["data"]?[0]?["data"]?["object"]
    #expect(object?["email"] == "grace@example.com" && object?["balance"] == -500)
    #expect(object?["metadata"]?["team"] == "a" && object?["name"] == JSON.null)
    #expect(try await shop.json("webhook list --type customer.created")["data"] == [])
  }

  @Test(arguments: [
    (
      "data.object.balanc=1",
      "there is no 'data.object.balanc'; did you mean data.object.balance?"
    ),
    ("data.object.email.x=1", "there is no 'data.object.email.x'; data.object.email has nothing"),
    ("livemode=true", "an event that was made up is never live"),
  ])
  func aPathThatIsNotThere(_ path: String, _ message: String) async throws {
    let shop = try await Shop()
    let said = try await shop.failure("webhook trigger customer.created --set \(path)")
    #expect(said.hasPrefix("2 usage: --set: \(message)"), "\(said)")
    #expect(try await shop.json("webhook list --type customer.created")["data"] == [])
  }

  @Test func oneThatCannotBeApplied() async throws {
    let shop = try await Shop()
    let result = await shop.run(
      "webhook trigger customer.created --set data.object.created=soon --json")
    #expect(result.exit == .partial)
    #expect(
      try JSON(parsing: result.output)["data"]?[0]?["error"]?.string?.contains(
        "created is not a time")
        == true)
  }

  // MARK: Where

  @Test func neverAmongLiveEvents() async throws {
    let world = try TestWorld()
    let result = await world.run(
      "webhook trigger customer.created --live --json",
      environment: ["STRIPE_SECRET_KEY": "sk_live_abcdefghijkl"])
    #expect(
      try Shop.words(of: result)
        == "5 invalid_state: events that are made up do not belong among live ones; "
        + "use --sandbox, or a test key with a --db of its own")
    let later = await world.run("webhook trigger customer.created")
    #expect(later.exit == .conflict && later.output == "")
  }

  @Test func withoutKeyAndCatalogue() async throws {
    let world = try TestWorld()
    let result = await world.run("webhook trigger invoice.paid --json")
    #expect(result.exit == .done, "\(result.errors)")
    #expect(try types(JSON(parsing: result.output)).contains("price.created"))
  }
}
