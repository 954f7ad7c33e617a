package import Basics
package import Stripe

/// What a change of plan costs, as Stripe reckons it before anything is changed.
package struct ProrationPreview: Sendable, Hashable {
  package enum Bill: String, Sendable, Hashable {
    case now, next
  }

  package struct Line: Sendable, Hashable {
    package var description: String?
    package var amount: Int64
    package var isProration: Bool
    package var bill: Bill
    package var priceID: String?
    /// Of a line that bills usage: two of them may read the same.
    package var meterID: String?
  }

  /// What stands between the lines of a bill and what it comes to, so that they add up to it.
  package struct Adjustment: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
      case lines, discount, tax, balance
    }

    package var kind: Kind
    package var description: String
    package var amount: Int64
    package var bill: Bill
  }

  package var planID: String
  package var effectiveAt: Timestamp
  package var currency: String
  package var amountDueNow: Int64
  package var nextInvoiceTotal: Int64
  /// From when the change counts; nil where nothing is prorated.
  package var prorationDate: Timestamp?
  package var lines: [Line]
  package var adjustments: [Adjustment]
}

extension ProrationPreview {
  /// - Parameters:
  ///   - now: the bill that the change makes at once, if it makes one.
  ///   - next: that of the next period; nil where there will be none.
  init(_ change: PlanChange, at moment: Timestamp, now: Invoice?, next: Invoice?) {
    let isAtEnd = change.request.waits
    planID = change.request.planID
    effectiveAt = isAtEnd ? change.subscription.currentPeriodEnd ?? moment : moment
    currency = change.subscription.currency
    amountDueNow = now?.amountDue ?? 0
    nextInvoiceTotal = next?.total ?? 0
    prorationDate = change.prorationDate
    lines = Self.lines(now, .now) + Self.lines(next, .next)
    let discounts = change.subscription.discounts
    adjustments =
      (now?.adjustments(discounts, .now) ?? []) + (next?.adjustments(discounts, .next) ?? [])
  }

  private static func lines(_ invoice: Invoice?, _ bill: Bill) -> [Line] {
    (invoice?.lines ?? []).map {
      Line(
        description: $0.description, amount: $0.amount, isProration: $0.isProration, bill: bill,
        priceID: $0.priceID)
    }
  }
}

// MARK: Asking Stripe

extension StripeGateway {
  /// Asks Stripe what a change would cost. Changes nothing.
  package func preview(_ change: PlanChange, at moment: Timestamp) async throws -> ProrationPreview
  {
    guard !change.isToDefaultPlan else {
      let last = try await lastInvoice(of: change)
      return ProrationPreview(change, at: moment, now: nil, next: last)
    }
    let isLater = change.request.waits && !change.changesInterval
    var details: JSONObject = [
      // What was used until then is billed as it is now.
      "items": .array(isLater ? Array(change.itemParameters.prefix(1)) : change.itemParameters),
      "proration_behavior": .string(change.request.waits ? "none" : change.prorationBehavior),
    ]
    details["proration_date"] = change.prorationDate.map { .integer($0.seconds) }
    if change.request.waits {
      let next = try await upcomingInvoice(
        of: change.subscription, details, isRecurring: change.changesInterval)
      return ProrationPreview(change, at: moment, now: nil, next: next)
    }
    let first = try await upcomingInvoice(of: change.subscription, details)
    // A bill of the next period is made when that begins, one for the change when it is made.
    guard let first, let end = change.subscription.currentPeriodEnd, first.created < end else {
      return ProrationPreview(change, at: moment, now: nil, next: first)
    }
    let next = try await upcomingInvoice(of: change.subscription, details, isRecurring: true)
    return ProrationPreview(change, at: moment, now: first, next: next)
  }

  /// The invoice with which a subscription ends: of what was used and what waits. Stripe does not
  /// take the question whether one ends that a schedule still holds, so then only what is metered
  /// is asked for.
  private func lastInvoice(of change: PlanChange) async throws -> Invoice? {
    guard change.subscription.scheduleID != nil else {
      return try await upcomingInvoice(of: change.subscription, ["cancel_at_period_end": true])
    }
    guard change.hasMeteredItems else { return nil }
    return try await upcomingInvoice(
      of: change.subscription,
      ["items": .array([change.licensedRemoval]), "proration_behavior": "none"])
  }

  /// The next invoice of a subscription as it would be after a change of it, or as it will be with
  /// the change that is pending; nil where there will be none.
  ///
  /// - Parameter isRecurring: whether to leave out what is billed once.
  package func upcomingInvoice(
    of subscription: Subscription, _ details: JSONObject = [:], isRecurring: Bool = false
  ) async throws -> Invoice? {
    var parameters: JSONObject = ["customer": .string(subscription.customerID)]
    if details.isEmpty, let schedule = subscription.schedule, schedule.upcomingPhase != nil {
      parameters["schedule"] = .string(schedule.id)
    } else {
      parameters["subscription"] = .string(subscription.id)
    }
    if isRecurring { parameters["preview_mode"] = "recurring" }
    let request: StripeRequest
    if client.configuration.apiVersion < "2025-03-31" {
      for (key, value) in details { parameters["subscription_\(key)"] = value }
      request = StripeRequest(.get, StripePath("invoices", "upcoming"), parameters)
    } else {
      if !details.isEmpty { parameters["subscription_details"] = .object(details) }
      request = StripeRequest(.post, StripePath("invoices", "create_preview"), parameters)
    }
    do {
      return try Invoice(try await client.send(request).json)
    } catch StripeError.refused(let refusal) where refusal.code == "invoice_upcoming_none" {
      return nil
    } catch StripeError.outcomeUnknown(let failure) {
      // It is a POST, but nothing comes of it.
      throw StripeError.noAnswer(failure)
    }
  }
}

extension PlanChange {
  /// Whether another interval is billed afterwards.
  var changesInterval: Bool { request.interval != nil && request.interval != currentInterval }

  var hasMeteredItems: Bool { (items.metered + items.others).contains { $0.isMetered } }

  var licensedRemoval: JSON { ["id": .string(items.licensed.id), "deleted": true] }
}
