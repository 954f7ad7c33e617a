import Basics
import StripeSandbox

/// `billing sandbox advance`: time passes in the sandbox.
struct SandboxAdvance: Command {
  static let name = "sandbox advance"
  static let summary = "Let time pass in the sandbox, and everything that falls due with it"
  static let discussion = """
    Moves the sandbox's clock forward. Whatever falls due on the way happens at its own moment:
    trials end, subscriptions renew, drafts are finalised, payments are tried and tried again,
    cancellations and changes of plan take effect. A clock never goes back.
    """
  static let parameters: [Parameter] = [
    .rest("DURATION", "How long: 3d, 12h, \"1 month\", 1y", isRequired: true)
  ]
  static let examples = ["sandbox advance \"1 month\"", "sandbox advance 3d12h --json"]

  var span: TimeSpan

  init(parsing arguments: inout Arguments) throws(UsageError) {
    let text = try arguments.rest("DURATION").joined(separator: " ")
    guard let span = TimeSpan(parsing: text), span != TimeSpan() else {
      throw arguments.error(
        "DURATION must be a length of time (3d, 12h, \"1 month\"), not \(Arguments.quoted(text))")
    }
    self.span = span
  }

  func run(_ context: Context) async throws -> ObjectReport {
    try context.refuseDryRun()
    let sandbox = try context.sandbox()
    let from = try sandbox.now()
    let lastEvent = try sandbox.summary(latest: 0).eventCount
    let progress = context.progress("advancing", total: (from + span) - from)
    defer { progress.finish() }
    var reached = from
    let now = try sandbox.advance(by: span) { moment in
      progress.advance(by: moment - reached)
      reached = moment
    }
    let counts = try sandbox.eventCounts(after: Int64(lastEvent))
    let object: JSONObject = [
      "from": .string(from.iso8601), "to": .string(now.iso8601),
      "events": .integer(counts.reduce(0) { $0 + $1.count }),
      "counts": .object(
        JSONObject(uniqueKeysWithValues: counts.map { ($0.type, .integer($0.count)) })),
    ]
    let fields = counts.map { Field($0.type, .integer($0.count)) }
    let moments = [
      Field("From", Cell(time: object["from"])), Field("To", Cell(time: object["to"])),
    ]
    return ObjectReport(
      object: object, fields: moments + fields,
      closing: counts.isEmpty ? "Nothing fell due." : nil)
  }
}
