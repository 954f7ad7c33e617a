import Basics
import BillingCore

/// What became different of a subscription, in words.
enum ChangeWords {
  static func of(_ change: Transition) -> String {
    let (from, to) = (change.from ?? "-", change.to ?? "-")
    switch (change.kind, change.to) {
    case (.created, let plan?): return "subscribed to \(plan)"
    case (.created, nil): return "subscribed to what plans.yaml does not know"
    case (.status, _) where change.from == nil: return "the subscription is \(to)"
    case (.status, _): return "the subscription went from \(from) to \(to)"
    case (.plan, _): return "the plan changed from \(from) to \(to)"
    case (.interval, _): return "billed every \(to), before every \(from)"
    case (.quantity, _): return "the quantity changed from \(from) to \(to)"
    case (.trialEnd, let end?): return "the trial ends on \(day(end))"
    case (.trialEnd, nil): return "the trial has no end any more"
    case (.cancellation, let end?): return "the subscription is to end on \(day(end))"
    case (.cancellation, nil): return "the cancellation was taken back"
    case (.pause, let behavior?): return "collection was paused (\(behavior))"
    case (.pause, nil): return "collection goes on"
    case (.pendingChange, let pending?): return "the plan is to change: \(withDay(pending))"
    case (.pendingChange, nil): return "no change of plan is pending any more"
    }
  }

  /// `team year, from 2026-12-20 on` of the same with the whole moment.
  private static func withDay(_ pending: String) -> String {
    pending.split(separator: " ").map { word in
      word.contains(":")
        ? Timestamp(parsing: String(word))?.iso8601Date ?? String(word) : String(word)
    }.joined(separator: " ")
  }

  private static func day(_ moment: String) -> String {
    Timestamp(parsing: moment)?.iso8601Date ?? moment
  }
}
