import Testing

@testable import billing

/// Every command on plan, pages and payment against every state that a customer's subscription can
/// be in: what comes of it, or the code of the refusal and its hint.
@Suite(.tags(.unit)) struct StatusTableOfPaymentTests {
  private static let address = "https://example.com"

  private static let commands: KeyValuePairs = [
    "upgrade": "upgrade ada@example.com enterprise",
    "downgrade": "downgrade ada@example.com team --interval year",
    "downgrade free": "downgrade ada@example.com free",
    "portal": "portal ada@example.com --return-url \(address)",
    "portal cancel": "portal ada@example.com --flow cancel --return-url \(address)",
    "checkout": "checkout ada@example.com enterprise --success-url \(address)",
    "invoice retry": "invoice retry ada@example.com",
    "default card": "payment-method default ada@example.com CARD",
  ]

  private static let table: [(state: String, rows: String)] = [
    (
      "none",
      """
      upgrade         5 invalid_state: billing subscribe begins one
      downgrade       5 invalid_state: billing subscribe begins one
      downgrade free  5 invalid_state: billing subscribe begins one
      portal          → a page
      portal cancel   5 invalid_state: billing subscribe begins one
      checkout        → a page
      invoice retry   5 invalid_state: billing invoice list shows the invoices there are
      default card    → the card by default
      """
    ),
    (
      "trialing",
      """
      upgrade         → trialing, trial until 2026-11-27, enterprise
      downgrade       → trialing, trial until 2026-11-27, by the year later
      downgrade free  → trialing, to end, trial until 2026-11-27
      portal          → a page
      portal cancel   → a page
      checkout        5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      invoice retry   5 invalid_state: billing invoice list shows the invoices there are
      default card    → the card by default
      """
    ),
    (
      "active",
      """
      upgrade         → active, enterprise
      downgrade       → active, by the year later
      downgrade free  → active, to end
      portal          → a page
      portal cancel   → a page
      checkout        5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      invoice retry   5 invalid_state: billing invoice list shows the invoices there are
      default card    → the card by default
      """
    ),
    (
      "active, to end",
      """
      upgrade         5 invalid_state: billing resume takes that back first
      downgrade       5 invalid_state: billing resume takes that back first
      downgrade free  5 invalid_state: billing resume takes that back first
      portal          → a page
      portal cancel   5 invalid_state: billing resume takes that back; --now ends it at once
      checkout        5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      invoice retry   5 invalid_state: billing invoice list shows the invoices there are
      default card    → the card by default
      """
    ),
    (
      "past_due",
      """
      upgrade         5 invalid_state: billing payment-method attach --default gives another card, \
      billing invoice retry charges it
      downgrade       5 invalid_state: billing payment-method attach --default gives another card, \
      billing invoice retry charges it
      downgrade free  → past_due, to end
      portal          → a page
      portal cancel   → a page
      checkout        5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      invoice retry   6 card_declined: try another payment method
      default card    → the card by default
      """
    ),
    (
      "unpaid",
      """
      upgrade         5 invalid_state: billing payment-method attach --default gives another card, \
      billing invoice retry charges it
      downgrade       5 invalid_state: billing payment-method attach --default gives another card, \
      billing invoice retry charges it
      downgrade free  → unpaid, to end
      portal          → a page
      portal cancel   → a page
      checkout        5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      invoice retry   6 card_declined: try another payment method
      default card    → the card by default
      """
    ),
    (
      "incomplete",
      """
      upgrade         5 invalid_state: billing subscribe begins one with the other plan in its \
      place; billing cancel ends it
      downgrade       5 invalid_state: billing subscribe begins one with the other plan in its \
      place; billing cancel ends it
      downgrade free  5 invalid_state: billing subscribe begins one with the other plan in its \
      place; billing cancel ends it
      portal          → a page
      portal cancel   5 invalid_state: billing subscribe begins one
      checkout        → a page
      invoice retry   5 invalid_state: billing payment-method attach gives one; \
      billing portal lets the customer do it
      default card    → the card by default
      """
    ),
    (
      "incomplete_expired",
      """
      upgrade         5 invalid_state: billing subscribe begins one
      downgrade       5 invalid_state: billing subscribe begins one
      downgrade free  5 invalid_state: billing subscribe begins one
      portal          → a page
      portal cancel   5 invalid_state: billing subscribe begins one
      checkout        → a page
      invoice retry   5 invalid_state: billing invoice list shows the invoices there are
      default card    → the card by default
      """
    ),
    (
      "paused",
      """
      upgrade         5 invalid_state: billing resume goes on with it first
      downgrade       5 invalid_state: billing resume goes on with it first
      downgrade free  5 invalid_state: billing resume goes on with it first
      portal          → a page
      portal cancel   → a page
      checkout        5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      invoice retry   5 invalid_state: billing invoice list shows the invoices there are
      default card    → the card by default
      """
    ),
    (
      "canceled",
      """
      upgrade         5 invalid_state: billing subscribe begins one
      downgrade       5 invalid_state: billing subscribe begins one
      downgrade free  5 invalid_state: billing subscribe begins one
      portal          → a page
      portal cancel   5 invalid_state: billing subscribe begins one
      checkout        → a page
      invoice retry   5 invalid_state: billing invoice list shows the invoices there are
      default card    → the card by default
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
