import Basics

/// Basil: each item of a subscription has a period; before, the subscription had one for all.
enum SubscriptionPeriods {
  static let change = VersionChange(
    since: .basil,
    objects: [
      "subscription": { subscription, _ in
        let items = subscription.listed("items")
        let starts = items.compactMap { $0.integer("current_period_start") }
        let ends = items.compactMap { $0.integer("current_period_end") }
        let start = subscription["start_date"] ?? 0
        subscription["current_period_start"] = starts.max().map { .integer($0) } ?? start
        subscription["current_period_end"] = ends.min().map { .integer($0) } ?? start
      }
    ],
    added: ["subscription_item": ["current_period_end", "current_period_start"]])
}
