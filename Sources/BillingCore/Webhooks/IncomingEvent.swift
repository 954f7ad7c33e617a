import Basics
package import Stripe

/// An event as it came, read but not yet kept.
///
/// Reading needs no database, so that many can be read at once beside the one writer.
package struct IncomingEvent: Sendable {
  /// Whether it is known who sent it.
  package enum Verdict: String, Sendable, Hashable {
    /// One of our secrets signed it.
    case verified
    /// It was read from Stripe itself, or from the sandbox's own file.
    case trusted
    /// Nobody vouches for it; whoever gave it to us said that this is all right.
    case unverified
  }

  package private(set) var event: Event
  package let verdict: Verdict
  /// The bytes as they came, but for a secret that completes a payment: it is kept nowhere.
  package private(set) var body: [UInt8]
  /// What it says of its object; nil where that is nothing which the mirror could hold.
  private(set) var snapshot: Snapshot?
  /// The usage that it says was reported in vain; nil where it does not tell.
  let meterErrors: [MeterError]?
  /// The same as it is to be written, or why it cannot be; nil while that was not needed.
  private var prepared: Result<MirrorEntry?, MalformedObject>?

  /// Throws `JSONError` for what is no JSON, `MalformedObject` for what is no event.
  package init(_ body: [UInt8], verdict: Verdict) throws {
    try self.init(body, JSON(parsing: body), verdict: verdict)
  }

  /// - Parameter json: what the body says, where it was read already.
  init(_ body: [UInt8], _ json: JSON, verdict: Verdict) throws {
    event = try Event(json)
    self.verdict = verdict
    let isPlain = !json.hasSecrets
    self.body =
      !isPlain && json.tellsSecrets ? Array(json.withoutSecrets.compact.utf8) : body
    snapshot = Self.snapshot(of: event)
    snapshot?.isPlain = isPlain
    meterErrors =
      HandledEvents.tellsMeterErrors(event.type) ? MeterError.told(in: json) : nil
  }

  /// Whether it has to be read whole before anything can be done with it.
  package var isThin: Bool {
    HandledEvents.tellsMeterErrors(event.type) && meterErrors == nil
  }

  /// Does beforehand what applying it needs, where it is going to be applied at once.
  func madeReady() -> IncomingEvent {
    guard HandledEvents.contains(event.type) else { return self }
    var ready = self
    ready.prepared = prepare()
    return ready
  }

  /// The same without what it says of its object: enough to tell what became of it.
  var envelope: IncomingEvent {
    var envelope = self
    envelope.event = event.envelope
    (envelope.body, envelope.snapshot, envelope.prepared) = ([], nil, nil)
    return envelope
  }

  /// What is to be written of its object, nil where that is nothing.
  func entry() throws(MalformedObject) -> MirrorEntry? { try (prepared ?? prepare()).get() }

  private func prepare() -> Result<MirrorEntry?, MalformedObject> {
    guard let snapshot else { return .success(nil) }
    do throws(MalformedObject) {
      return .success(try MirrorEntry(snapshot, isInInbox: true))
    } catch {
      return .failure(error)
    }
  }

  private static func snapshot(of event: Event) -> Snapshot? {
    let snapshot = Snapshot(
      event.object, origin: .event(id: event.id, previous: event.previousAttributes),
      asOf: event.created, cause: event.id)
    return event.type.hasSuffix(".deleted") ? snapshot?.deleted : snapshot
  }

  /// What becomes of it when nothing goes wrong. A connected account's objects are not ours.
  func goal(ownAccount: String?) -> InboxEvent.Status {
    let isOurs = event.account == nil || event.account == ownAccount
    return isOurs && HandledEvents.contains(event.type) ? .processed : .ignored
  }
}

extension InboxEvent {
  init(_ incoming: IncomingEvent, status: Status, receivedAt: Timestamp) {
    let event = incoming.event
    self.init(
      id: event.id, type: event.type, created: event.created, apiVersion: event.apiVersion,
      isLive: event.isLive, account: event.account, objectID: event.object["id"]?.string,
      customerID: event.customerID, status: status, verdict: incoming.verdict, attempts: 1,
      error: nil, nextAttemptAt: nil, receivedAt: receivedAt,
      processedAt: status == .pending ? nil : receivedAt)
  }

  /// In what a second delivery of one id contradicts the first, whose bytes need not be the same;
  /// nil where it is the same event.
  func contradiction(_ event: Event) -> String? {
    if event.type != type { return "type" }
    if event.created != created { return "created" }
    if event.isLive != isLive { return "livemode" }
    if event.account != account { return "account" }
    return event.object["id"]?.string == objectID ? nil : "object id"
  }
}

extension Event {
  /// The customer whose object it is about.
  package var customerID: String? {
    object["object"]?.string == "customer"
      ? object["id"]?.string : object["customer"]?.string ?? object["customer"]?["id"]?.string
  }
}
