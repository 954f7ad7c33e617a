import Basics
import BillingCore

extension SubscriptionConflict: Explainable {
  var explanation: CommandError {
    let (message, hint) = words
    return .conflict("invalid_state", message, hint: hint)
  }

  /// What stands in the way, and the command that helps.
  private var words: (message: String, hint: String) {
    switch self {
    case .alreadySubscribed(let id, let status, let plan):
      (
        "there is a subscription already: \(id), \(plan.map { "\($0), " } ?? "")\(status)",
        "billing upgrade changes its plan; billing cancel ends it"
      )
    case .noSubscription(let customerID):
      ("\(customerID) has no subscription that runs", "billing subscribe begins one")
    case .alreadyCancelling(let id, let at):
      (
        "\(id) is cancelled already\(Self.ending(at))",
        "billing resume takes that back; --now ends it at once"
      )
    case .nothingToResume(let id):
      (
        "nothing is pending for \(id): there is nothing to take back",
        "billing subscription show tells how it stands"
      )
    case .firstPaymentOpen(let id):
      (
        "the first payment of \(id) is still open",
        "billing subscribe begins anew, with a payment method; billing cancel ends it"
      )
    case .standsStill(let id):
      (
        "\(id) is paused: no period runs and no bill comes",
        "billing resume lets it go on; billing cancel --now ends it"
      )
    case .alreadyPaused(let id, let until):
      (
        "collection of \(id) is paused in this way already\(Self.until(until))",
        "billing unpause ends that"
      )
    case .notPaused(let id):
      ("collection of \(id) is not paused", "billing pause begins a pause")
    case .noTrial(let id, "active"):
      (
        "\(id) is not on trial: it is active",
        "billing subscription show tells how it stands"
      )
    case .noTrial(let id, let status):
      (
        "\(id) is not on trial: it is \(status)",
        "billing invoice retry collects what is due"
      )
    case .trialTooLong(let id, let end):
      (
        "the trial of \(id) would end on \(end.prefix(10)), and it may end two years from now",
        "take fewer --days"
      )
    case .alreadyDiscounted(let id, let coupon):
      (
        "\(id) has a discount already\(coupon.map { ", \($0)" } ?? "")",
        "billing discount remove makes room for another"
      )
    case .noDiscount(let id):
      ("\(id) has no discount", "billing discount apply gives it one")
    case .changePending(let id):
      ("\(id) changes to another plan when its trial ends", "billing resume takes that back first")
    case .trialIsLast(let id):
      (
        "\(id) is cancelled, to end with its trial: nothing is to be paid for it",
        "billing resume first"
      )
    case .endsAnyway(let id, let at):
      (
        "\(id) is cancelled\(Self.ending(at)): no bill comes that a discount could make smaller",
        "billing resume first"
      )
    }
  }

  private static func ending(_ at: String?) -> String {
    at.map { ", to end at \(moment($0))" } ?? ""
  }

  private static func until(_ end: String?) -> String {
    end.map { ", until \(moment($0))" } ?? ""
  }

  private static func moment(_ text: String) -> String { Cell(time: .string(text)).text }
}

extension RedeemableDiscount.Refusal: Explainable {
  var explanation: CommandError {
    switch self {
    case .unknownCoupon(let id, let known):
      .notFound(
        "there is no coupon \(Arguments.quoted(id))",
        hint: Self.those(
          known, none: "none can be redeemed; billing plans seed makes those of plans.yaml"))
    case .unknownPromotionCode(let code, let known):
      .notFound(
        "there is no promotion code \(Arguments.quoted(code))",
        hint: Self.those(known, none: "none is active; --coupon takes a coupon"))
    case .spentCoupon(let id):
      .conflict(
        "invalid_state",
        "the coupon \(id) cannot be redeemed any more: it has expired or was used up",
        hint: "take another coupon")
    case .spentPromotionCode(let code):
      .conflict(
        "invalid_state",
        "the promotion code \(code) cannot be redeemed any more: it is switched off, has expired "
          + "or was used up", hint: "take another code")
    }
  }

  private static func those(_ known: [String], none: String) -> String {
    guard !known.isEmpty else { return none }
    let shown = known.prefix(RedeemableDiscount.shownNames).map { VisibleText.of($0) }
    let rest = known.count > shown.count ? " and more" : ""
    return "there is \(shown.joined(separator: ", "))\(rest)"
  }
}
