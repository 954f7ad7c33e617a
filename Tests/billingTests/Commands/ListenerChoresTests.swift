import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct ListenerChoresTests {
  @Test func aListenerSendsNotifications() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa")
    let context = try shop.world.context(
      "--sandbox --quiet", environment: ["SMTP_URL": "smtp://127.0.0.1:1025"])
    let chores = try ListenerChores(context, forwarding: nil).all
    let notify = try #require(chores.last)
    for _ in 0..<2 { #expect(await notify() == 500) }
    #expect(
      shop.world.mailbox.lines == ["ada@example.com: [sandbox] Welcome to CODITECT Starter"])
  }

  @Test func aServerThatDoesNotAnswerIsLeftInPeace() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa")
    shop.world.mailbox.answer(["*": .failure(.refused, "connection refused")])
    let errors = MemoryOutput()
    let context = try shop.world.context(
      "--sandbox --quiet", environment: ["SMTP_URL": "smtp://127.0.0.1:1025"], errors: errors)
    let notify = try #require(try ListenerChores(context, forwarding: nil).all.last)
    #expect(await notify() == 30_000)
    #expect(errors.text == "warning: ada@example.com was not told: connection refused\n")
    #expect(await notify() == 500)
  }

  @Test func withoutAChannelThereIsNothingToDo() async throws {
    let shop = try await Shop("coditect")
    let with = try shop.world.context(
      "--sandbox --quiet", environment: ["SMTP_URL": "smtp://127.0.0.1:1025"])
    let without = try shop.world.context("--sandbox --quiet")
    let counts = try [with, without].map { try ListenerChores($0, forwarding: nil).all.count }
    #expect(counts[0] == counts[1] + 1)
  }
}
