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
    [.option("--type", "TYPE", "Only these: invoice.paid, customer.subscription.*")]
    + Parameter.limits
  static let examples = ["sandbox events", "sandbox events --type \"invoice.*\" --all"]

  var type: String?
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    type = try arguments.option("--type")
    guard type != "" else { throw arguments.error("--type is empty") }
    limit = try arguments.listLimit()
  }

  func run(_ context: Context) async throws -> ListReport {
    let sandbox = try context.sandbox()
    var rows: [JSON] = []
    var last: Int64 = 0
    while let events = try sandbox.events(after: last, limit: 500).nonEmpty {
      last = events.last?.sequence ?? last
      rows += try events.compactMap { try Self.row(JSON(parsing: $0.body)) }
        .filter { isWanted($0["type"]?.string ?? "") }
    }
    let shown = rows.suffix(limit ?? rows.count)
    return ListReport(
      Array(shown), hasMore: shown.count < rows.count, keys: Self.keys,
      columns: [
        .time("AT", "created"), Column("TYPE", "type"), Column("OBJECT", "object_id"),
        Column("STATUS", "status"), .money("AMOUNT", "amount"),
      ], empty: type == nil ? "nothing happened yet" : "no events of this type")
  }

  private static let keys = ["id", "created", "type", "object_id", "status", "amount", "currency"]

  private func isWanted(_ name: String) -> Bool {
    guard let type else { return true }
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
