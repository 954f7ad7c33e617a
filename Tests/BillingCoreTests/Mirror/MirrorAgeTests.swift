import Basics
import Stripe
import Testing

@testable import BillingCore

/// What the mirror must not come to believe, in whatever order it is told.
@Suite(.tags(.unit)) struct MirrorAgeTests {
  let store: Store
  init() throws { store = try Store.inMemory(now: { noon }) }

  func apply(_ json: JSON, at age: Int64, _ origin: Snapshot.Origin = .response) throws {
    let snapshot = try #require(
      Snapshot(json, origin: origin, asOf: Timestamp(age), cause: nil))
    try store.write { _ = try StripeMirror.sample.apply(snapshot, in: $0) }
  }

  func event(
    _ id: String, _ type: String, _ object: JSON, at created: Int64
  ) throws -> IncomingEvent {
    let json: JSON = [
      "id": .string(id), "object": "event", "type": .string(type), "created": .integer(created),
      "livemode": false, "api_version": "2026-10-28.endive", "data": ["object": object],
    ]
    return try IncomingEvent(Array(json.compact.utf8), verdict: .trusted)
  }

  /// Cancelled at 200, taken back at 300; the event of the cancellation comes last.
  @Test(arguments: [Snapshot.Origin.page, .response, .event(id: "evt_2", previous: nil)])
  func lateNewsOfAStateThatPassedIsNoNews(_ origin: Snapshot.Origin) throws {
    try apply(Sample.subscription(), at: 100)
    try apply(Sample.subscription(), at: 300, origin)
    try apply(
      Sample.subscription(changing: ["cancel_at_period_end": true]), at: 200,
      .event(id: "evt_1", previous: ["cancel_at_period_end": false]))
    #expect(try store.read { try $0.subscription("sub_1") }?.cancelAtPeriodEnd == false)
  }

  @Test func anEndIsNewsInTheSecondOfARead() throws {
    try apply(Sample.subscription(), at: 100)
    try apply(Sample.subscription(), at: 200, .page)
    try apply(
      Sample.subscription(status: "canceled"), at: 200, .event(id: "evt_1", previous: nil))
    #expect(try store.read { try $0.subscription("sub_1") }?.status == "canceled")
  }

  static func product(created: Int64) -> JSON {
    [
      "id": "billing_pro", "object": "product", "name": "Pro", "active": true,
      "created": .integer(created), "livemode": false, "metadata": [:], "description": .null,
    ]
  }

  func isDeleted(_ id: String) throws -> Bool {
    try store.read { try $0.objectJSON(id) }?["deleted"]?.bool == true
  }

  @Test func aProductMadeAnewUnderItsIDIsThere() throws {
    try apply(Self.product(created: 50), at: 50)
    try apply(["id": "billing_pro", "object": "product", "deleted": true], at: 100)
    try apply(Self.product(created: 50), at: 90, .event(id: "evt_1", previous: nil))
    #expect(try isDeleted("billing_pro"))
    try apply(Self.product(created: 150), at: 150)
    #expect(try !isDeleted("billing_pro"))
  }

  @Test func aCustomerNeverComesBack() throws {
    try apply(["id": "cus_1", "object": "customer", "deleted": true], at: 100)
    try apply(Sample.customer(), at: 1_800_000_000)
    #expect(try isDeleted("cus_1"))
  }

  static func invoice(_ id: String, changing changes: JSONObject = [:]) -> JSON {
    var object: JSONObject = [
      "id": .string(id), "object": "invoice", "customer": "cus_1", "status": "draft",
      "currency": "usd", "subtotal": 1900, "total": 1900, "amount_due": 1900, "amount_paid": 0,
      "amount_remaining": 1900, "attempt_count": 0, "period_start": 1_795_000_000,
      "period_end": 1_795_000_000, "created": 1_795_000_000, "livemode": false, "metadata": [:],
      "lines": ["object": "list", "has_more": false, "data": []],
    ]
    for (key, value) in changes { object[key] = value }
    return .object(object)
  }

  func invoices() throws -> [String] {
    try store.read { try $0.invoiceIDs(customer: "cus_1", limit: nil) }
  }

  @Test func aDraftThatWasDeletedIsGone() throws {
    try apply(Self.invoice("in_1"), at: 100)
    #expect(try invoices() == ["in_1"])
    let outcomes = try Inbox(store: store, mirror: .sample).take(
      [
        try event("evt_2", "invoice.deleted", Self.invoice("in_1"), at: 101),
        try event("evt_1", "invoice.created", Self.invoice("in_1"), at: 100),
      ])
    #expect(outcomes == [.processed([]), .processed([])])
    #expect(try invoices() == [])
  }

  @Test func aPreviewIsNoInvoice() throws {
    try apply(Self.invoice("upcoming_in_1"), at: 100)
    #expect(try invoices() == [])
    #expect(try store.read { try $0.objectCounts() }.isEmpty)
  }

  @Test func secretsAreNotKeptAtAnyDepth() throws {
    let intent: JSON = [
      "id": "pi_1", "object": "payment_intent", "client_secret": "pi_1_secret_x",
    ]
    let invoice = Self.invoice(
      "in_1",
      changing: [
        "payment_intent": intent, "confirmation_secret": ["client_secret": "pi_1_secret_x"],
        "other": [["client_secret": "pi_1_secret_x", "kept": 1]],
      ])
    try apply(
      Sample.subscription(changing: ["latest_invoice": invoice, "pending_setup_intent": intent]),
      at: 100)
    let stored = try store.read { try $0.objectJSON("in_1") }
    #expect(stored?["payment_intent"] == "pi_1")
    #expect(stored?["other"] == [["kept": 1]])
    #expect(stored?["confirmation_secret"] == nil)
    let subscription = try store.read { try $0.objectJSON("sub_1") }
    #expect(subscription?["pending_setup_intent"] == "pi_1")
  }
}
