import Testing

@testable import billing

/// Every command on the life of a subscription against every state that a customer's subscription can be in:
/// what comes of it, or the code of the refusal and its hint.
@Suite(.tags(.unit)) struct StatusTableTests {
  private static let commands: KeyValuePairs = [
    "subscribe": "subscribe ada@example.com team --payment-method pm_card_visa",
    "cancel": "cancel ada@example.com",
    "cancel --now": "cancel ada@example.com --now --yes",
    "resume": "resume ada@example.com",
    "pause": "pause ada@example.com",
    "unpause": "unpause ada@example.com",
    "trial extend": "trial ada@example.com extend --days 3",
    "trial end": "trial ada@example.com end",
    "discount apply": "discount apply ada@example.com --coupon thanks",
  ]

  private static let table: [(state: String, rows: String)] = [
    (
      "none",
      """
      subscribe       → active
      cancel          5 invalid_state: billing subscribe begins one
      cancel --now    5 invalid_state: billing subscribe begins one
      resume          5 invalid_state: billing subscribe begins one
      pause           5 invalid_state: billing subscribe begins one
      unpause         5 invalid_state: billing subscribe begins one
      trial extend    5 invalid_state: billing subscribe begins one
      trial end       5 invalid_state: billing subscribe begins one
      discount apply  5 invalid_state: billing subscribe begins one
      """
    ),
    (
      "trialing",
      """
      subscribe       5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      cancel          → trialing, to end, trial until 2026-11-27
      cancel --now    → canceled
      resume          5 invalid_state: billing subscription show tells how it stands
      pause           → trialing, trial until 2026-11-27, collection: void
      unpause         5 invalid_state: billing pause begins a pause
      trial extend    → trialing, trial until 2026-11-30
      trial end       → active
      discount apply  → trialing, trial until 2026-11-27, thanks
      """
    ),
    (
      "active",
      """
      subscribe       5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      cancel          → active, to end
      cancel --now    → canceled
      resume          5 invalid_state: billing subscription show tells how it stands
      pause           → active, collection: void
      unpause         5 invalid_state: billing pause begins a pause
      trial extend    5 invalid_state: billing subscription show tells how it stands
      trial end       5 invalid_state: billing subscription show tells how it stands
      discount apply  → active, thanks
      """
    ),
    (
      "active, to end",
      """
      subscribe       5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      cancel          5 invalid_state: billing resume takes that back; --now ends it at once
      cancel --now    → canceled
      resume          → active
      pause           → active, to end, collection: void
      unpause         5 invalid_state: billing pause begins a pause
      trial extend    5 invalid_state: billing subscription show tells how it stands
      trial end       5 invalid_state: billing subscription show tells how it stands
      discount apply  5 invalid_state: billing resume first
      """
    ),
    (
      "past_due",
      """
      subscribe       5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      cancel          → past_due, to end
      cancel --now    → canceled
      resume          5 invalid_state: billing subscription show tells how it stands
      pause           → past_due, collection: void
      unpause         5 invalid_state: billing pause begins a pause
      trial extend    5 invalid_state: billing invoice retry collects what is due
      trial end       5 invalid_state: billing invoice retry collects what is due
      discount apply  → past_due, thanks
      """
    ),
    (
      "unpaid",
      """
      subscribe       5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      cancel          → unpaid, to end
      cancel --now    → canceled
      resume          5 invalid_state: billing subscription show tells how it stands
      pause           → unpaid, collection: void
      unpause         5 invalid_state: billing pause begins a pause
      trial extend    5 invalid_state: billing invoice retry collects what is due
      trial end       5 invalid_state: billing invoice retry collects what is due
      discount apply  → unpaid, thanks
      """
    ),
    (
      "incomplete",
      """
      subscribe       → active
      cancel          2 confirmation_required: run it again with --yes
      cancel --now    → incomplete_expired
      resume          5 invalid_state: billing subscription show tells how it stands
      pause           5 invalid_state: billing subscribe begins anew, with a payment method; \
      billing cancel ends it
      unpause         5 invalid_state: billing subscribe begins anew, with a payment method; \
      billing cancel ends it
      trial extend    5 invalid_state: billing subscribe begins anew, with a payment method; \
      billing cancel ends it
      trial end       5 invalid_state: billing subscribe begins anew, with a payment method; \
      billing cancel ends it
      discount apply  5 invalid_state: billing subscribe begins anew, with a payment method; \
      billing cancel ends it
      """
    ),
    (
      "incomplete_expired",
      """
      subscribe       → active
      cancel          5 invalid_state: billing subscribe begins one
      cancel --now    5 invalid_state: billing subscribe begins one
      resume          5 invalid_state: billing subscribe begins one
      pause           5 invalid_state: billing subscribe begins one
      unpause         5 invalid_state: billing subscribe begins one
      trial extend    5 invalid_state: billing subscribe begins one
      trial end       5 invalid_state: billing subscribe begins one
      discount apply  5 invalid_state: billing subscribe begins one
      """
    ),
    (
      "paused",
      """
      subscribe       5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      cancel          5 invalid_state: billing resume lets it go on; \
      billing cancel --now ends it
      cancel --now    → canceled
      resume          5 invalid_state: billing payment-method attach gives one; \
      billing portal lets the customer do it
      pause           5 invalid_state: billing resume lets it go on; \
      billing cancel --now ends it
      unpause         5 invalid_state: billing resume lets it go on; \
      billing cancel --now ends it
      trial extend    5 invalid_state: billing resume lets it go on; \
      billing cancel --now ends it
      trial end       5 invalid_state: billing resume lets it go on; \
      billing cancel --now ends it
      discount apply  → paused, thanks
      """
    ),
    (
      "canceled",
      """
      subscribe       → active
      cancel          5 invalid_state: billing subscribe begins one
      cancel --now    5 invalid_state: billing subscribe begins one
      resume          5 invalid_state: billing subscribe begins one
      pause           5 invalid_state: billing subscribe begins one
      unpause         5 invalid_state: billing subscribe begins one
      trial extend    5 invalid_state: billing subscribe begins one
      trial end       5 invalid_state: billing subscribe begins one
      discount apply  5 invalid_state: billing subscribe begins one
      """
    ),
  ]

  @Test(arguments: table) func everyCommandOnEveryState(_ state: String, _ rows: String)
    async throws
  {
    #expect(try await SubscriptionStates.rows(Self.commands, in: state) == rows)
  }

  @Test func everyStateIsInTheTable() {
    #expect(Set(Self.table.map { $0.state }) == Set(SubscriptionStates.all.keys))
  }
}
