import Basics
import StripeSandbox

/// `billing sandbox show`: what is in the sandbox.
struct SandboxShow: Command {
  static let name = "sandbox show"
  static let summary = "Show what the sandbox holds: counts and the latest objects"
  static let discussion = """
    Shows how many objects of each kind the sandbox holds, the objects made last, the time on its
    clock and its account.
    """
  static let parameters: [Parameter] = [
    .option("--limit", "N", "How many of the latest objects (default 10)")
  ]
  static let examples = ["sandbox show", "sandbox show --limit 3 --json"]

  var limit: Int

  init(parsing arguments: inout Arguments) throws(UsageError) {
    limit = try arguments.integer("--limit", in: 1...100).map { Int($0) } ?? 10
  }

  func run(_ context: Context) async throws -> ObjectReport {
    let summary = try context.sandbox().summary(latest: limit)
    let counts = JSONObject(
      uniqueKeysWithValues: summary.counts.map { ($0.type, .integer(Int64($0.count))) })
    let object: JSONObject = [
      "path": .string(context.settings.sandboxDatabasePath),
      "account": .string(summary.accountID),
      "now": .string(summary.now.iso8601),
      "events": .integer(Int64(summary.eventCount)),
      "counts": .object(counts),
      "latest": .array(summary.latest.map { .object($0) }),
    ]
    var fields = [
      Field("File", object["path"]), Field("Account", object["account"]),
      Field("Now", Cell(time: object["now"])), Field("Events", object["events"]),
    ]
    fields += summary.counts.map { Field($0.type, .integer(Int64($0.count))) }
    fields += summary.latest.map { latest in
      let made = Cell(time: latest["created"]).text
      return Field(latest["id"]?.string ?? "-", "\(latest["object"]?.string ?? "-"), \(made)")
    }
    return ObjectReport(object: object, fields: fields)
  }
}
