import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

/// A mirror that heard nothing, and is told all of it by the list of events.
@Suite(.tags(.integration)) struct ReplayFromStripeIntegrationTests {
  @Test func theMirrorIsThenAsStripeIs() async throws {
    let shop = try await Shop()
    for line in [
      "subscribe ada@example.com team --create --payment-method pm_card_visa --trial-days 7",
      "subscribe bob@example.com team --create --payment-method pm_card_visa --trial-days 0",
      "sandbox advance '8 days'", "cancel ada@example.com", "cancel bob@example.com --now --yes",
      "customer update ada@example.com --name Ada",
    ] { _ = try await shop.json(line) }
    let sandbox = try shop.world.context("--sandbox --quiet").sandbox()
    let transport = SandboxTransport(sandbox: sandbox)

    let result = await shop.world.run(
      "webhook replay --from-stripe --quiet --json",
      environment: [
        "STRIPE_SECRET_KEY": SandboxTransport.key, "STRIPE_API_BASE": SandboxTransport.baseURL,
      ],
      transport: transport)
    #expect(result.exit == .done, "\(result.errors)")

    let store = try Store.open(
      at: shop.world.directory + "/billing.db", now: { TestWorld.start })
    let client = StripeClient(
      transport: transport,
      configuration: .init(
        key: try StripeKey(parsing: SandboxTransport.key), baseURL: SandboxTransport.baseURL,
        rateLimit: nil))
    let comparison = MirrorComparison(
      client: client, store: store, mirror: try shop.world.context("--quiet").mirror())
    #expect(try await comparison.differences() == [])

    let ada = try await shop.json("customer show ada@example.com")["id"]?.string ?? "-"
    let told = try store.read { try $0.changes(ofCustomer: ada) }.map {
      "\($0.kind) \($0.to ?? "-")"
    }
    let history = try await shop.json("subscription history ada@example.com")["data"]?.array ?? []
    #expect(
      told == history.map { "\($0["kind"]?.string ?? "-") \($0["to"]?.string ?? "-")" })
  }
}
