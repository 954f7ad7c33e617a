import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct SandboxPortalActTests {
  @Test func wordsBecomeWhatTheCustomerEnters() throws {
    let act = try Words.parsed(
      "sandbox portal act bps_1 update --price p --quantity 2", as: SandboxPortalAct.self)
    #expect(act.action == .update && act.entries == ["quantity": 2, "price": "p"])
    let card = try Words.parsed(
      "sandbox portal act bps_1 payment-method --card 4242424242424242",
      as: SandboxPortalAct.self)
    #expect(card.action == .paymentMethod && card.entries == ["card": "4242424242424242"])
  }

  @Test(arguments: [
    ("bps_1 cancle", "did you mean cancel?"),
    ("bps_1 cancel --price p", "--price belongs to update"),
    ("bps_1 update --card 4242424242424242", "--card belongs to payment-method"),
    ("bps_1", "ACTION is missing"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    let line = Words.mistake("sandbox portal act \(words)")
    #expect(line?.contains(message) == true, "\(line ?? "understood")")
  }

  @Test func theCustomerCancelsAndComesBack() async throws {
    let shop = try await Shop()
    let made = try await shop.json(
      "subscribe one@example.com team --create --payment-method pm_card_visa")
    let customer = made["customer"]?.string ?? ""
    _ = try await shop.json("sandbox portal act \(customer) cancel --feedback too_expensive")
    let ending = try await shop.json("subscription show one@example.com")
    #expect(ending["cancel_at_period_end"] == true)
    _ = try await shop.json("sandbox portal act \(customer) resume")
    let going = try await shop.json("subscription show one@example.com")
    #expect(going["cancel_at_period_end"] == false)
    _ = try await shop.json(
      "sandbox portal act \(customer) payment-method --card 4000000000000341")
    _ = try await shop.json("sandbox advance '1 month 2h'")
    let late = try await shop.json("subscription show one@example.com")
    #expect(late["status"] == "past_due")
  }

  @Test func aPlanIsChosenByItsLookupKey() async throws {
    let shop = try await Shop()
    _ = try await shop.json("portal configure")
    _ = try await shop.json("subscribe one@example.com team --create --payment-method pm_card_visa")
    let visit = try await shop.json("portal one@example.com --flow update")["id"]?.string ?? "-"
    _ = try await shop.json(
      "sandbox portal act \(visit) update --price agnostic_enterprise_month")
    let changed = try await shop.json("subscription show one@example.com --local")
    #expect(changed["plan"] == "enterprise" && changed["unit_amount"] == 49900)
    let invoices = try await shop.json("invoice list one@example.com")["data"]?.array ?? []
    #expect(invoices.map { $0["total"] } == [40000, 9900])
  }
}
