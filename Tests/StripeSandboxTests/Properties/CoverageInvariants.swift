import Basics

@testable import StripeSandbox

/// Where every change is prorated, each second of an item is paid for once: what was charged and not
/// given back covers the time without gap or overlap.
enum CoverageInvariants {
  /// A charge for a time (1), a credit for it (-1) or a trial (0).
  private struct Piece {
    let item: String
    let period: BillingPeriod
    let sign: Int
  }

  /// What less than a cent is worth is not prorated, so that short times may be missing.
  private static let toleranceSeconds: Int64 = 3 * 3600

  static func faults(of life: RandomLife) throws -> [String] {
    let invoices = try life.objects("invoice")
    let waiting = try life.objects("invoiceitem", ["_pending": true])
    return try life.objects("subscription").flatMap { subscription -> [String] in
      let changes = (life.changes[subscription.id] ?? []).map { $0.parameters }
      guard changes.allSatisfy({ isProrated($0) && !$0.contains(life.metered) }) else { return [] }
      let own = invoices.filter { $0.string("_subscription") == subscription.id }
      let lines = own.flatMap { $0.listed("lines").compactMap { piece($0) } }
      let items = waiting.filter { $0.string("_subscription") == subscription.id }
      let pieces = lines + items.compactMap { piece($0) }
      let now = try life.now
      let end = subscription.timestamp("ended_at") ?? now
      let metered = subscription.listed("items").filter {
        $0.object("price")?.id == life.metered
      }
      let ids = Set(pieces.map { $0.item }).subtracting(metered.map { $0.id })
      return ids.sorted().compactMap { item in
        fault(pieces.filter { $0.item == item }, until: end).map { "\(item): \($0)" }
      }
    }
  }

  /// Whether a change gives back what it does not use, so that all adds up.
  private static func isProrated(_ change: String) -> Bool {
    let others = ["=none", "quantity]=0", "pending_if_incomplete", "/pause", "/resume"]
    guard !change.hasPrefix("DELETE") else { return change.contains("invoice_now") }
    return !others.contains { change.contains($0) }
  }

  private static func piece(_ line: JSONObject) -> Piece? {
    let parent = line.object("parent")
    let details =
      parent?.object("subscription_item_details") ?? parent?.object("subscription_details")
    guard let item = details?.string("subscription_item"), let period = line.object("period"),
      let start = period.timestamp("start"), let end = period.timestamp("end"),
      let amount = line.integer("amount")
    else { return nil }
    let isTrial = line.string("description")?.hasPrefix("Free trial") == true
    return Piece(
      item: item, period: BillingPeriod(start: start, end: end),
      sign: isTrial ? 0 : amount < 0 ? -1 : 1)
  }

  private static func fault(_ pieces: [Piece], until end: Timestamp) -> String? {
    let moments = Set(pieces.flatMap { [$0.period.start, $0.period.end] } + [end]).sorted()
    for (start, next) in zip(moments, moments.dropFirst())
    where start < end && next - start > toleranceSeconds {
      let own = pieces.filter { $0.period.start <= start && next <= $0.period.end }
      let count = own.reduce(0) { $0 + $1.sign }
      // A trial is free, but it can be cut short.
      guard count == 1 || count == 0 && own.contains(where: { $0.sign == 0 }) else {
        return "\(start)–\(next) is charged \(count) times"
      }
    }
    return nil
  }
}
