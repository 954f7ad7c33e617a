import Basics
import Stripe

/// What happens to the events of one transaction, one after another.
final class InboxBatch {
  private let transaction: Transaction
  private let mirror: StripeMirror
  private let now: Timestamp
  private let ownAccount: String?
  private let isolatesEach: Bool
  private var mode: Store.Mode?
  /// What the events of this transaction said, by their ids.
  private var recent: [String: MirrorEntry] = [:]

  /// - Parameter isolatesEach: whether an event that breaks a rule of the tables fails by itself;
  ///   else that error passes, and the transaction is the caller's to roll back.
  init(
    transaction: Transaction, mirror: StripeMirror, now: Timestamp, ownAccount: String?,
    isolatesEach: Bool
  ) {
    self.transaction = transaction
    self.mirror = mirror
    self.now = now
    self.ownAccount = ownAccount
    self.isolatesEach = isolatesEach
  }

  /// What is to be done with an event that came in.
  enum Entry {
    case settled(EventOutcome)
    /// Nothing was known of it.
    case new
    /// It was here before, and waits or failed, or is to be applied again.
    case again(InboxEvent)
  }

  /// Writes an event down in a state, unless its id is known or it belongs to the other mode.
  func enter(
    _ incoming: IncomingEvent, as status: InboxEvent.Status, force: Bool
  ) throws -> Entry {
    let event = incoming.event
    guard try mode(orOf: event).accepts(isLive: event.isLive) else { return .settled(.otherMode) }
    if try transaction.insertEvent(incoming, as: status, at: now) { return .new }
    guard let stored = try transaction.event(event.id) else { return .new }
    if let field = stored.contradiction(incoming) {
      try transaction.keepAside(incoming, contradicting: field, at: now)
      return .settled(.conflict(in: field))
    }
    // What failed once is known by what it says now.
    if !stored.isSettled {
      try transaction.writeOutObject(ofEvent: stored.id)
      try transaction.renewEvent(incoming)
    }
    return stored.isSettled && !force ? .settled(.duplicate) : .again(stored)
  }

  /// The mode of the file, which the first event stamps.
  private func mode(orOf event: Event) throws -> Store.Mode {
    if let mode { return mode }
    let found = try transaction.mode(stampedBy: event.isLive)
    mode = found
    return found
  }

  func receive(_ incoming: IncomingEvent) throws -> EventReceipt {
    switch try enter(incoming, as: .pending, force: false) {
    case .settled(let outcome): return .settled(outcome)
    case .new: return .kept
    case .again(let stored):
      if stored.status == .failed { try transaction.makeEventDue(stored.id, at: now) }
      return .again
    }
  }

  func take(_ incoming: IncomingEvent, force: Bool) throws -> EventOutcome {
    let goal = incoming.goal(ownAccount: ownAccount)
    switch try enter(incoming, as: goal, force: force) {
    case .settled(let outcome): return outcome
    case .new: return try apply(incoming, goal: goal, attempt: 1, isKept: false)
    case .again(let stored):
      // What was settled is known by what it said then, whatever the bytes that came now.
      if stored.isSettled, let kept = try transaction.keptEvent(stored.id) { return try run(kept) }
      return try apply(incoming, goal: goal, attempt: stored.attempts + 1, isKept: true)
    }
  }

  /// Applies an event that is kept; one that was received and not yet tried has its first attempt.
  func run(_ kept: KeptEvent) throws -> EventOutcome {
    let incoming: IncomingEvent
    do {
      incoming = try IncomingEvent(kept.body, verdict: kept.event.verdict)
    } catch let error as MalformedObject {
      return try fail(kept.event.id, "\(error)", attempt: kept.event.attempts + 1)
    } catch let error as JSONError {
      let reason = "what is kept of it is no JSON: \(error.reason.rawValue)"
      return try fail(kept.event.id, reason, attempt: kept.event.attempts + 1)
    }
    let attempt = kept.event.status == .pending ? 1 : kept.event.attempts + 1
    return try apply(
      incoming, goal: incoming.goal(ownAccount: ownAccount), attempt: attempt, isKept: true)
  }

  private func apply(
    _ incoming: IncomingEvent, goal: InboxEvent.Status, attempt: Int, isKept: Bool
  ) throws -> EventOutcome {
    if goal == .processed, HandledEvents.tellsMeterErrors(incoming.event.type) {
      return try applyMeterErrors(incoming, attempt: attempt)
    }
    var transitions: [Transition] = []
    if goal == .processed {
      do {
        if let entry = try incoming.entry() {
          transitions = try write(entry)
          recent[incoming.event.id] = entry
        }
        try transaction.tell(incoming.event)
      } catch let error as MalformedObject {
        return try fail(incoming.event.id, error.description, attempt: attempt)
      } catch StoreError.ruleBroken(let detail) {
        return try fail(
          incoming.event.id, "the database does not take its object: \(detail)", attempt: attempt)
      }
    }
    if isKept {
      try transaction.settleEvent(incoming.event.id, as: goal, attempts: attempt, at: now)
    }
    return goal == .processed ? .processed(transitions) : .ignored
  }

  /// Marks the reports of usage that count for nothing, so that what they told is told anew. One
  /// that is about nothing of ours is ignored; one that does not tell has to be read whole.
  private func applyMeterErrors(_ incoming: IncomingEvent, attempt: Int) throws -> EventOutcome {
    let id = incoming.event.id
    let isOurs: Bool
    if let errors = incoming.meterErrors {
      let ours = try errors.filter { try transaction.knowsUsageReport($0.identifier) }
      for error in ours {
        try transaction.settleUsageReport(
          error.identifier, as: .failed, error: "\(error.code): \(error.message)")
      }
      isOurs = !ours.isEmpty
    } else {
      let meterID = incoming.event.object["id"]?.string
      guard try !transaction.hasUsageReports(toMeter: meterID) else {
        return try fail(
          id, "what went wrong with reported usage has to be read from Stripe", attempt: attempt)
      }
      isOurs = false
    }
    try transaction.settleEvent(
      id, as: isOurs ? .processed : .ignored, attempts: attempt, at: now)
    return isOurs ? .processed([]) : .ignored
  }

  private func write(_ entry: MirrorEntry) throws -> [Transition] {
    guard isolatesEach else { return try mirror.applyWhole(entry, recent: recent, in: transaction) }
    var transitions: [Transition] = []
    try transaction.savepoint {
      transitions = try mirror.applyWhole(entry, recent: recent, in: transaction)
    }
    return transitions
  }

  private func fail(_ id: String, _ reason: String, attempt: Int) throws -> EventOutcome {
    try transaction.failEvent(
      id, reason, attempts: attempt, nextAttempt: EventRetry.next(after: attempt, at: now))
    return .failed(reason: reason)
  }
}
