import Basics

@testable import StripeSandbox

/// Every period of a subscription is billed once: none is skipped, none billed twice.
enum PeriodInvariants {
  /// A time for which an item was billed in full.
  private struct Billed {
    let item: String
    let period: BillingPeriod
    let invoice: String
    let isMetered: Bool
  }

  static func faults(of life: RandomLife) throws -> [String] {
    let (invoices, now) = (try life.objects("invoice"), try life.now)
    return try life.objects("subscription").flatMap { subscription -> [String] in
      let own = invoices.filter { $0.string("_subscription") == subscription.id }
      let changes = (life.changes[subscription.id] ?? []).map { $0.moment }
      let lines = own.flatMap { billed(on: $0, life) }
      return Set(lines.map { $0.item }).sorted().flatMap { item in
        tiling(of: lines.filter { $0.item == item }, changes: changes)
      } + currentFaults(of: subscription, lines, changes: changes, now: now)
    }
  }

  /// The lines of an invoice that are for whole periods.
  private static func billed(on invoice: JSONObject, _ life: RandomLife) -> [Billed] {
    var seen: Set<BillingPeriod> = []
    return invoice.listed("lines").compactMap { line in
      let details = line.object("parent")?.object("subscription_item_details")
      let price = line.object("pricing")?.object("price_details")?.string("price")
      guard let details, details.bool("proration") == false,
        let item = details.string("subscription_item"), let period = line.object("period"),
        let start = period.timestamp("start"), let end = period.timestamp("end")
      else { return nil }
      let isMetered = price == life.metered
      let time = BillingPeriod(start: start, end: end)
      // Tiers of a metered price have a line each.
      guard !isMetered || seen.insert(time).inserted else { return nil }
      return Billed(item: item, period: time, invoice: invoice.id, isMetered: isMetered)
    }
  }

  /// The periods of an item follow one another, except where somebody asked for a change.
  private static func tiling(of lines: [Billed], changes: [Timestamp]) -> [String] {
    let sorted = lines.filter { $0.period.seconds > 0 }
      .sorted { ($0.period.start, $0.period.end) < ($1.period.start, $1.period.end) }
    return zip(sorted, sorted.dropFirst()).compactMap { one, next in
      let end = max(one.period.end, next.period.start)
      let isChanged = changes.contains { one.period.start <= $0 && $0 <= end }
      guard one.period.end != next.period.start, !isChanged else { return nil }
      return """
        \(one.item): \(one.period.start)–\(one.period.end) on \(one.invoice) is followed by \
        \(next.period.start)–\(next.period.end) on \(next.invoice)
        """
    }
  }

  /// The period in which a subscription is has been billed, unless a change moved it.
  private static func currentFaults(
    of subscription: JSONObject, _ lines: [Billed], changes: [Timestamp], now: Timestamp
  ) -> [String] {
    guard ["active", "past_due", "trialing", "unpaid"].contains(subscription.string("status"))
    else { return [] }
    let ended = subscription.listed("items").filter { SubscriptionItems.period(of: $0).end <= now }
    return ended.map { "\($0.id): its period is over" }
      + subscription.listed("items").compactMap { item in
        let period = SubscriptionItems.period(of: item)
        let isMetered = item.object("price")?.object("recurring")?.string("usage_type") == "metered"
        guard !isMetered, !changes.contains(where: { period.start <= $0 }),
          !lines.contains(where: { $0.item == item.id && $0.period == period })
        else { return nil }
        return "\(item.id): \(period.start)–\(period.end) is not billed"
      }
  }
}
