import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct MessageRoutesTests {
  private func routes(
    _ kind: BillingCore.Notification.Kind, _ notifications: String,
    email: String? = "ada@example.com", hasSlack: Bool = false
  ) throws -> [String] {
    let rules = try #require(try OutboxBench.catalogue(notifications).notifications)
    let entry = OutboxEntry(
      id: 1, notification: Notification(kind, customerID: "cus_1", cause: "x", payload: [:]),
      created: noon)
    return entry.messages(rules, email: email, hasSlack: hasSlack).map {
      [
        $0.recipient.rawValue, $0.channel.rawValue, $0.address,
        $0.status == .waiting ? nil : "\($0.status.rawValue): \($0.error ?? "-")",
      ].compactMap { $0 }.joined(separator: " ")
    }
  }

  @Test func withoutAWordOfTheFile() throws {
    #expect(try routes(.paymentFailed, "{}") == ["customer email ada@example.com"])
    #expect(
      try routes(.paymentFailed, "{ operators: [ops@example.com] }", hasSlack: true)
        == ["customer email ada@example.com"])
    #expect(
      try routes(.drift, "{ operators: [ops@example.com, on@example.com] }", hasSlack: true) == [
        "operators email ops@example.com", "operators email on@example.com", "operators slack",
      ])
    #expect(try routes(.drift, "{}", hasSlack: true) == ["operators slack"])
    #expect(
      try routes(.drift, "{}") == ["operators email skipped: plans.yaml names no operators"])
  }

  @Test func asTheFileSays() throws {
    let rules = """
      { operators: [ops@example.com], \
      kinds: { payment_failed: [customer, operators, slack], trial_ended: [], drift: [slack] } }
      """
    #expect(
      try routes(.paymentFailed, rules) == [
        "customer email ada@example.com", "operators email ops@example.com", "operators slack",
      ])
    #expect(
      try routes(.trialEnded, rules)
        == ["customer email skipped: plans.yaml tells nobody of trial_ended"])
    #expect(try routes(.drift, rules) == ["operators slack"])
    #expect(
      try routes(.paymentFailed, rules, email: nil).first
        == "customer email skipped: the customer has no e-mail address")
    // Whoever is both hears it once.
    #expect(
      try routes(.paymentFailed, rules, email: "ops@example.com")
        == ["customer email ops@example.com", "operators slack"])
  }
}
