import Basics

@testable import StripeSandbox

/// Does in a sandbox what a story did with Stripe, and notes what comes out differently.
///
/// The ids of the story are mapped to those of the sandbox as they appear; the clock stands at the
/// latest moment that the story's answers tell of.
final class Replay {
  let stripe: TestSandbox
  let exchanges: [Recording.Exchange]
  /// The story's ids and what they are called here.
  var ids: [String: String] = [:]
  private(set) var differences: Set<String> = []
  private var now: Int64 = TestSandbox.start.seconds

  init(_ story: Recording.Story) throws {
    stripe = try TestSandbox()
    exchanges = try story.exchanges()
    moveClock(to: exchanges.compactMap { moment(of: $0) }.first)
    try makePrices()
    makeCoupons()
    for exchange in exchanges {
      moveClock(to: moment(of: exchange))
      makePresupposed(by: exchange)
      replay(exchange)
    }
  }

  private func replay(_ exchange: Recording.Exchange) {
    let path = exchange.path.split(separator: "/").map { mapped(String($0)) }
    let target = "/" + path.joined(separator: "/")
    let pairs = exchange.query + exchange.form
    let parameters = pairs.map { "\(encoded($0.name))=\(encoded(mapped($0.value)))" }
    let answer = stripe.send(
      exchange.method,
      exchange.method == "DELETE" ? "\(target)?\(parameters.joined(separator: "&"))" : target,
      exchange.method == "DELETE" ? "" : parameters.joined(separator: "&"),
      headers: [("Stripe-Version", exchange.version)], isChecked: false)
    guard answer.status == exchange.status else {
      let segments = exchange.path.split(separator: "/").map(String.init)
      let match = stripe.sandbox.router.match(method: exchange.method, segments: segments)
      let template = match.map { $0.template } ?? exchange.path
      differences.insert(
        "\(exchange.method) \(template): \(exchange.status) → \(withoutIDs(answer.error))")
      return
    }
    var comparison = AnswerComparison(ids: ids)
    comparison.compare(
      exchange.body, answer.body, at: "\(exchange.method) \(exchange.path)", in: "")
    ids = comparison.ids
    differences.formUnion(comparison.differences)
  }

  private func withoutIDs(_ text: String) -> String {
    text.replacing(/\b([a-z]+)_[A-Za-z0-9]{10,}/) { "\($0.output.1)_…" }
  }

  /// A value of the story as it is here.
  func mapped(_ value: String) -> String { ids[value] ?? value }

  private func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || [45, 46, 95].contains(byte)
      let digits = String(byte, radix: 16, uppercase: true)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + (digits.count < 2 ? "0" : "") + digits
    }.joined()
  }

  /// The latest moment that an answer tells of: when it was made, nearly.
  private func moment(of exchange: Recording.Exchange) -> Int64? {
    let names = ["created", "canceled_at", "ended_at", "finalized_at", "paid_at", "updated_at"]
    guard exchange.method != "GET" else { return nil }
    return exchange.body.objectsWithin.flatMap { object in
      names.compactMap { object.integer($0) }
    }.max()
  }

  private func moveClock(to moment: Int64?) {
    guard let moment, moment != now else { return }
    stripe.wait(seconds: moment - now)
    now = moment
  }
}
