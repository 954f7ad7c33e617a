import Basics
package import Stripe

/// An event as it came, read but not yet kept.
///
/// Reading needs no database, so that many can be read at once beside the one writer. A class, since
/// it is large and is handed on often.
package final class IncomingEvent: Sendable {
  /// Whether it is known who sent it.
  package enum Verdict: String, Sendable, Hashable {
    /// One of our secrets signed it.
    case verified
    /// It was read from Stripe itself, or from the sandbox's own file.
    case trusted
    /// Nobody vouches for it; whoever gave it to us said that this is all right.
    case unverified
  }

  package let event: Event
  package let verdict: Verdict
  /// The bytes as they came, but for a secret that completes a payment: it is kept nowhere.
  package let body: [UInt8]
  /// The object that it is about, and whose that is.
  let objectID: String?
  let customerID: String?
  /// What it says of its object; nil where that is nothing which the mirror could hold.
  let snapshot: Snapshot?
  /// The usage that it says was reported in vain; nil where it does not tell.
  let meterErrors: [MeterError]?
  /// The same as it is to be written, or why it cannot be; nil while that was not needed.
  private let prepared: Result<MirrorEntry?, MalformedObject>?

  /// Throws `JSONError` for what is no JSON, `MalformedObject` for what is no event.
  package convenience init(_ body: [UInt8], verdict: Verdict) throws {
    try self.init(body, JSON(parsing: body), verdict: verdict)
  }

  /// - Parameter json: what the body says, where it was read already.
  init(_ body: [UInt8], _ json: JSON, verdict: Verdict) throws {
    event = try Event(json)
    objectID = event.object["id"]?.string
    customerID = event.customerID
    self.verdict = verdict
    let isPlain = !json.hasSecrets
    self.body =
      !isPlain && json.tellsSecrets ? Array(json.withoutSecrets.compact.utf8) : body
    var snapshot = Self.snapshot(of: event)
    snapshot?.isPlain = isPlain
    self.snapshot = snapshot
    meterErrors =
      HandledEvents.tellsMeterErrors(event.type) ? MeterError.told(in: json) : nil
    prepared = nil
  }

  private init(
    _ other: IncomingEvent, event: Event, body: [UInt8], snapshot: Snapshot?,
    prepared: Result<MirrorEntry?, MalformedObject>?
  ) {
    (self.event, verdict, self.body, self.snapshot) = (event, other.verdict, body, snapshot)
    (objectID, customerID) = (other.objectID, other.customerID)
    (meterErrors, self.prepared) = (other.meterErrors, prepared)
  }

  /// Whether it has to be read whole before anything can be done with it.
  package var isThin: Bool {
    HandledEvents.tellsMeterErrors(event.type) && meterErrors == nil
  }

  /// Does beforehand what applying it needs, where it is going to be applied at once.
  func madeReady() -> IncomingEvent {
    guard HandledEvents.contains(event.type) else { return self }
    return IncomingEvent(
      self, event: event, body: body, snapshot: snapshot, prepared: prepare())
  }

  /// The same without what it says of its object: enough to tell what became of it.
  var envelope: IncomingEvent {
    IncomingEvent(self, event: event.envelope, body: [], snapshot: nil, prepared: nil)
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
  /// In what a second delivery of one id contradicts the first, whose bytes need not be the same;
  /// nil where it is the same event.
  func contradiction(_ incoming: IncomingEvent) -> String? {
    let event = incoming.event
    if event.type != type { return "type" }
    if event.created != created { return "created" }
    if event.isLive != isLive { return "livemode" }
    if event.account != account { return "account" }
    return incoming.objectID == objectID ? nil : "object id"
  }
}

extension Event {
  /// The customer whose object it is about.
  package var customerID: String? {
    object["object"]?.string == "customer"
      ? object["id"]?.string : object["customer"]?.string ?? object["customer"]?["id"]?.string
  }
}
