import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct WebhookShowTests {
  @Test(arguments: [("", "EVT is missing;"), ("evt_1 evt_2", "unexpected 'evt_2';")])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    let said = Words.mistake("webhook show \(words)")
    #expect(said == "\(message) see billing webhook show --help")
  }

  @Test func whatItSaysAndWhatItChanged() async throws {
    let shop = try await Shop()
    let (_, made) = try await shop.subscriber()
    try await shop.call(.delete, "subscriptions", made["id"]?.string ?? "-")
    let list = try await shop.json("webhook list --type customer.subscription.deleted")
    let event = list["data"]?.array?.first ?? .null
    let shown = try await shop.json("webhook show \(event["id"]?.string ?? "-")")
    #expect(
      shown.object?.keys
        == ContractTests.event + ["verdict", "next_attempt_at", "event", "changes", "conflicts"])
    for key in ContractTests.event { #expect(shown[key] == event[key]) }
    #expect(shown["verdict"] == "trusted" && shown["next_attempt_at"] == JSON.null)
    #expect(shown["event"]?["data"]?["object"]?["status"] == "canceled")
    #expect(shown["event"]?["id"] == event["id"])
    #expect(
      shown["changes"]
        == .array([["kind": "status", "from": "active", "to": "canceled"]]))
    #expect(shown["conflicts"] == [])
    let text = await shop.run("webhook show \(event["id"]?.string ?? "-")").output
    #expect(
      text.hasSuffix("changed      the subscription went from active to canceled\n"), "\(text)")
  }

  @Test func whyItFailedAndWhatHelps() async throws {
    let shop = try await Shop()
    let (customer, made) = try await shop.subscriber()
    let id = made["id"]?.string ?? "-"
    try shop.receive(
      "evt_1", "customer.subscription.updated", shop.brokenSubscription(of: customer, id: id),
      with: [
        "data": [
          "object": shop.brokenSubscription(of: customer, id: id),
          "previous_attributes": ["cancel_at": .null],
        ]
      ])
    let text = await shop.run("webhook show evt_1").output
    #expect(
      text == """
        id            evt_1
        type          customer.subscription.updated
        says          customer subscription updated: cancel at
        created       2026-11-20 10:00
        api version   2026-10-28.endive
        mode          test
        object        \(id)
        customer      \(customer)
        sender        verified by its signature
        received      2026-11-20 10:00
        status        failed
        attempts      1
        error         subscription \(id): status is not a text
        next attempt  2026-11-20 10:00, by billing webhook listen

        billing webhook retry evt_1 runs it again.

        """)
  }

  @Test func whatWasKeptAside() async throws {
    let shop = try await Shop()
    let customer: JSON = ["id": "cus_1", "object": "customer", "metadata": [:]]
    try shop.receive("evt_1", "balance.available", customer)
    let outcome = try shop.receive("evt_1", "balance.gone", customer, verdict: .unverified)
    #expect(outcome == .conflict(in: "type"))
    let shown = try await shop.json("webhook show evt_1")
    #expect(shown["conflicts"]?.array?.count == 1)
    #expect(shown["conflicts"]?.array?.first?["field"] == "type")
    #expect(shown["conflicts"]?.array?.first?["event"]?["type"] == "balance.gone")
    let text = await shop.run("webhook show evt_1").output
    #expect(
      text.hasSuffix(
        "kept aside   a delivery of 2026-11-20 10:00 with another type (unverified)\n"), "\(text)")
  }

  @Test func oneThatNeverCame() async throws {
    let shop = try await Shop(seeds: false)
    #expect(
      try await shop.failure("webhook show evt_9")
        == "4 not_found: no event evt_9 in the inbox; billing webhook list shows those there are; "
        + "billing webhook replay --from-stripe takes in what is missing")
  }
}
