import Basics
import StripeSandbox

/// `billing sandbox events`: what happened in the sandbox, in its order.
struct SandboxEvents: Command {
  static let name = "sandbox events"
  static let summary = "List what happened in the sandbox, in its order"
  static let discussion = """
    The latest events, oldest first: when, what, and to which object. A type may end in * to stand
    for several.
    """
  static let parameters: [Parameter] =
    [
      .option("--type", "TYPE", "Only these: invoice.paid, customer.subscription.*"),
      .option("--since", "T", "Only what happened since: 2027-01-01, 3d"),
    ] + Parameter.limits
  static let examples = ["sandbox events", "sandbox events --type \"invoice.*\" --since 1d --all"]

  var type: String?
  var since: TimeArgument?
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    type = try arguments.option("--type")
    guard type != "" else { throw arguments.error("--type is empty") }
    since = try arguments.time("--since")
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    let sandbox = try context.sandbox()
    let start = try since?.before(sandbox.now())
    var rows: [JSON] = []
    var last: Int64 = 0
    while let events = try sandbox.events(after: last, limit: 500).nonEmpty {
      last = events.last?.sequence ?? last
      rows += try events.map { try JSON(parsing: $0.body) }
        .filter { isWanted($0, since: start) }.map(Self.row)
    }
    let shown = rows.suffix(limit ?? rows.count)
    return ListReport(
      Array(shown), hasMore: shown.count < rows.count, keys: Self.keys,
      columns: [
        .time("AT", "created"), Column("TYPE", "type"), Column.id("OBJECT", "object_id"),
        Column("STATUS", "status"), .money("AMOUNT", "amount"),
      ], empty: type == nil && since == nil ? "nothing happened yet" : "no such events")
  }

  private static let keys = ["id", "created", "type", "object_id", "status", "amount", "currency"]

  private func isWanted(_ event: JSON, since start: Timestamp?) -> Bool {
    if let start, (event["created"]?.integer ?? 0) < start.seconds { return false }
    guard let type else { return true }
    let name = event["type"]?.string ?? ""
    return type.hasSuffix("*") ? name.hasPrefix(type.dropLast()) : name == type
  }

  private static func row(_ event: JSON) -> JSON {
    let object = event[at: "data", "object"] ?? .null
    let created = event["created"]?.integer.map { Timestamp($0).iso8601 }
    // Of an invoice the total, of a payment, a charge or an invoice item the amount.
    let amount = object["total"] ?? object["amount"] ?? .null
    return [
      "id": event["id"] ?? .null, "created": JSON(created), "type": event["type"] ?? .null,
      "object_id": object["id"] ?? .null, "status": object["status"] ?? .null,
      "amount": amount.integer == nil ? .null : amount,
      "currency": object["currency"] ?? .null,
    ]
  }
}

extension Array {
  fileprivate var nonEmpty: Self? { isEmpty ? nil : self }
}
