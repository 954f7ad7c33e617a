import Basics
import BillingCore
import Stripe
private import Synchronization

struct DeliveryRetry: Command {
  static let name = "delivery retry"
  static let summary = "Send your services now what they have not taken"
  static let discussion = """
    All that is pending or was given up, to all endpoints beside each other, and what happened to
    one customer in order; with an id that one alone, out of its turn. Each is tried once now, then
    goes on by itself where webhook listen runs. What was given up begins anew. --again sends one
    that was delivered once more, under the same id.

    Shown is each that was tried. Where one was not taken, or waits behind one that was not, the exit
    code is 10.
    """
  static let parameters: [Parameter] = [
    .optional("ID", "A delivery's id (msg_…); all that are not delivered without it"),
    .flag("--again", "Also where it was delivered; needs an ID"),
  ]
  static let examples = [
    "delivery retry", "delivery retry msg_0b7d2c9f51e3a86d40f2b1c8 --again",
  ]
  static let isBatch = true

  var id: String?
  var isAgain: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = arguments.optionalPositional("ID")
    guard id != "" else { throw arguments.error("ID is empty") }
    isAgain = arguments.flag("--again")
    guard id != nil || !isAgain else { throw arguments.error("--again needs an ID") }
  }

  func run(_ context: Context) async throws -> DeliveryReport {
    let wanted = try wanted(context)
    if context.settings.isDryRun { return .planned(DeliveryView.plan(sending: wanted)) }
    let (store, ids) = (try context.store(), wanted.map { $0.id })
    if let id {
      try context.requireOwnWrite("send \(id) to \(wanted[0].url) now")
      try store.write { try $0.makeDeliveryDue(id) }
      return .one(DeliveryView.report(try await context.send(id)))
    }
    if !ids.isEmpty { try context.requireOwnWrite("send \(ids.count) messages now") }
    try store.write { transaction in for id in ids { try transaction.makeDeliveryDue(id) } }
    return .all(all(ids, context))
  }

  private func wanted(_ context: Context) throws -> [OutgoingDelivery] {
    try context.store().read { transaction in
      guard let id else { return try transaction.unfinishedDeliveries() }
      let delivery = try transaction.requireDelivery(id)
      guard try transaction.requireEndpoint(delivery.endpointID).removedAt == nil else {
        throw OutgoingConflict.isRemoved(endpointID: delivery.endpointID)
      }
      guard delivery.status != .delivered || isAgain else {
        throw OutgoingConflict.isDelivered(delivery)
      }
      return [delivery]
    }
  }

  private func all(_ ids: [String], _ context: Context) -> BatchReport {
    BatchReport(
      keys: DeliveryView.keys, columns: DeliveryView.columns, empty: "nothing is to be sent"
    ) { show in
      let store = try context.store()
      let sending = try context.outgoingSending()
      let progress = context.progress("sending", total: Int64(ids.count))
      defer { progress.finish() }
      let tried = Mutex<[String]>([])
      func showTried() throws {
        for id in tried.withLock({ $0 }) {
          try show(.object(DeliveryView.json(try store.read { try $0.requireDelivery(id) })))
        }
      }
      do {
        try await context.inTurn {
          try await sending.run { attempt in
            tried.withLock { $0.append(attempt.eventID) }
            progress.advance()
          }
        }
      } catch {
        try showTried()
        throw error
      }
      try showTried()
      let left = try store.read { transaction in
        try ids.count { try transaction.requireDelivery($0).status != .delivered }
      }
      return left == 0 ? .done : .failed(.notTaken(left, of: ids.count))
    }
  }
}

/// What `delivery retry` shows: the delivery that was named, or each that was tried.
enum DeliveryReport: ReportChoice {
  case one(ObjectReport)
  case all(BatchReport)
  case planned(DryRunReport)

  var report: any Report {
    switch self {
    case .one(let report): report
    case .all(let report): report
    case .planned(let report): report
    }
  }
}

extension CommandError {
  fileprivate static func notTaken(_ count: Int, of total: Int) -> CommandError {
    .partial(
      total == 1
        ? "the only message is not delivered"
        : "\(count) of \(total) messages are not delivered",
      hint: "billing delivery list tells why; webhook listen goes on with them by itself")
  }
}
