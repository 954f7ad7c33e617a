import Basics
import Testing

@testable import StripeSandbox

/// A walk over operations in one sandbox, a line for each: `POST /v1/products name=Pro > product`.
///
/// `{product}` in later lines is the id of the answer of that name, and
/// `{subscription.items.data.0.id}` what stands in it at a path. A line that begins with `<basil` or
/// `>=basil` is for those versions only; one with a status gets it, for what is refused always; `wait 3600` lets seconds
/// pass.
final class Tour {
  /// All walks, in the order in which one follows on the other. An operation of the sandbox stands
  /// in one of them at least.
  static let walks = [
    catalogue, customers, subscriptions, invoices, bills, payments, checkout, pages, time, usage,
    schedules, webhooks,
  ]

  private let version: APIVersion
  private let stripe: TestSandbox
  private var answers: [String: JSON] = [:]
  /// The operations that answered with 200: `GET /v1/prices/{id}`.
  private(set) var visited: Set<String> = []

  init(version: APIVersion) throws {
    self.version = version
    stripe = try TestSandbox(version: version)
    let account = stripe.post("/sandbox/account", "api_version=\(version)")
    #expect(account.status == 200)
  }

  func walk(_ text: String) {
    for line in text.split(separator: "\n") {
      var words = line.split(separator: " ").map(String.init)
      if words[0].hasPrefix("<basil") || words[0].hasPrefix(">=basil") {
        guard (version < .basil) == words.removeFirst().hasPrefix("<") else { continue }
      }
      guard words[0] != "wait" else {
        stripe.wait(seconds: Int64(words[1]) ?? 0)
        continue
      }
      let status = Int(words[0]) == nil ? "200" : words.removeFirst()
      let name = words.count > 2 && words[words.count - 2] == ">" ? words.last : nil
      if name != nil { words.removeLast(2) }
      take(words.map(filled), status: status, name: name)
    }
  }

  private func take(_ step: [String], status: String, name: String?) {
    let parameters = step.count > 2 ? step[2] : ""
    let answer = stripe.send(step[0], step[1], parameters)
    let outcome = answer.status == 200 ? answer.error : String(answer.error.prefix { $0 != " " })
    #expect(outcome == status, "\(version): \(step.joined(separator: " ")): \(answer.error)")
    guard outcome == status, let template = template(step[0], step[1]) else { return }
    visited.insert(template)
    if let name { answers[name] = answer.body }
    if step[0] == "GET" { expandAll(answer.body, target: step[1], parameters) }
  }

  /// Whatever can be expanded in an answer has the declared shape, too.
  private func expandAll(_ body: JSON, target: String, _ parameters: String) {
    guard let type = body["object"]?.string, type != "list" else { return }
    let changes = VersionChanges.since(version)
    let shown = VersionChanges.type(Resources.registry.type(type), changes)
    for path in shown.expandable.keys.sorted() {
      let given = parameters.isEmpty ? "" : "\(parameters)&"
      let answer = stripe.send("GET", target, "\(given)expand[]=\(path)")
      #expect(answer.error == "200", "\(version): GET \(target) expand[]=\(path)")
    }
  }

  /// The operation of a path.
  private func template(_ method: String, _ target: String) -> String? {
    let path = target.split(separator: "?")[0]
    let segments = path.dropFirst().split(separator: "/").map(String.init)
    return stripe.sandbox.router.match(method: method, segments: segments)
      .map { "\($0.method) \($0.template)" }
  }

  private func filled(_ text: String) -> String {
    text.replacing(/\{([a-z_]+)((?:\.[a-z_0-9]+)*)\}/) { match in
      var value = answers[String(match.output.1)] ?? .null
      let path = match.output.2.split(separator: ".").map(String.init)
      for step in path.isEmpty ? ["id"] : path {
        let index = Int(step)
        value =
          index.flatMap { i in value.array.flatMap { $0.indices.contains(i) ? $0[i] : nil } }
          ?? value[step] ?? .null
      }
      return value.string ?? value.compact
    }
  }

  /// Every event and what it is about have the shape that the account's version declares.
  func checkEvents() throws {
    for event in try stripe.events() {
      #expect(ObjectFacts.faults(in: event, version: version) == [])
      #expect(event["api_version"] == .string(version.description))
      let object = event[at: "data", "object"] ?? .null
      let faults = ObjectFacts.faults(in: object, version: version)
      #expect(faults == [], "\(event["type"] ?? "") \(version)")
    }
  }
}
