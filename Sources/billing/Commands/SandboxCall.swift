import Basics
import Stripe

/// `billing sandbox call`: any operation of Stripe's API, in the sandbox.
struct SandboxCall: Command {
  static let name = "sandbox call"
  static let summary = "Call any operation of Stripe's API in the sandbox"
  static let discussion = """
    Sends one request to the sandbox and prints the answer as JSON, as curl would against
    `sandbox serve`. Parameters are written as Stripe's reference writes them:
    items[0][price]=price_123. With --format csv or jsonl a list is a row or a line for each object.
    """
  static let parameters: [Parameter] = [
    .required("METHOD", "get, post or delete", choices: ["get", "post", "delete"]),
    .required("PATH", "The path: /v1/subscriptions"),
    .rest("NAME=VALUE", "Parameters"),
  ]
  static let examples = [
    "sandbox call get /v1/customers limit=3",
    "sandbox call post /v1/test_helpers/test_clocks frozen_time=1767225600",
  ]

  var request: StripeRequest

  init(parsing arguments: inout Arguments) throws(UsageError) {
    let word = try arguments.positional("METHOD")
    guard let method = HTTPMethod(rawValue: word.uppercased()) else {
      throw arguments.error("METHOD must be get, post or delete, not \(Arguments.quoted(word))")
    }
    let path = try arguments.positional("PATH")
    let segments = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    guard path.hasPrefix("/"), !segments.isEmpty, !path.contains("?") else {
      throw arguments.error(
        "PATH must be a path without a query (/v1/customers), not \(Arguments.quoted(path))")
    }
    request = StripeRequest(method, StripePath(segments: segments))
    for pair in try arguments.rest("NAME=VALUE") {
      let (name, value) = Arguments.split(pair)
      guard let value, name.wholeMatch(of: /[^\[\]]+(\[[^\[\]]*\])*/) != nil else {
        throw arguments.error("NAME=VALUE expected, not \(Arguments.quoted(pair))")
      }
      let keys = name.split(separator: "[").map { $0.hasSuffix("]") ? $0.dropLast() : $0 }
      Self.set(value, at: keys.map(String.init)[...], in: &request.parameters)
    }
  }

  /// `items[0][price]` as objects inside each other; `expand[]` is the next element.
  private static func set(
    _ value: String, at keys: ArraySlice<String>, in object: inout JSONObject
  ) {
    guard let first = keys.first else { return }
    let key = first.isEmpty ? String(object.count) : first
    guard keys.count > 1 else {
      object[key] = .string(value)
      return
    }
    var inner = object[key]?.object ?? [:]
    set(value, at: keys.dropFirst(), in: &inner)
    object[key] = .object(inner)
  }

  func run(_ context: Context) async throws -> TextReport {
    let answer = try await context.sandboxAnswer(to: request)
    return TextReport(text: answer.pretty, data: Self.data(answer, context.settings.format))
  }

  /// With JSON the answer is as it came; elsewhere a list is what it lists.
  private static func data(_ answer: JSON, _ format: OutputFormat) -> ReportData {
    guard [.csv, .jsonl].contains(format), answer["object"] == "list",
      let objects = answer["data"]?.array
    else { return .object(answer.object ?? [:]) }
    return .list(Rows(source: .array(objects)))
  }
}
