import Basics

/// When a new subscription begins, and on which grid it is billed.
struct SubscriptionStart {
  /// The moment of the request.
  let now: Timestamp
  /// `start_date`: now, or a moment in the past.
  let date: Timestamp
  let trialEnd: Timestamp?
  let anchor: Timestamp
  /// The first period: a trial, a whole period, or what is left until the anchor.
  let period: BillingPeriod
  private let interval: BillingInterval

  init(_ call: Call, price: JSONObject) throws {
    guard let interval = BillingInterval(price: price) else { throw SandboxError.unexpected }
    self.interval = interval
    now = call.now
    trialEnd = try SubscriptionTrial.end(call, price: price)
    let wanted = try Self.requestedAnchor(call, interval)
    date = try Self.requestedDate(call) ?? call.now
    if trialEnd != nil, wanted != nil || date != now {
      let name = date != now ? "backdate_start_date" : "billing_cycle_anchor"
      throw SandboxError.invalid(
        "The sandbox does not offer \(name) together with a trial yet.",
        code: "parameter_unsupported", parameter: name)
    }
    anchor = trialEnd ?? wanted ?? now
    period = BillingPeriod(
      start: now, end: trialEnd ?? interval.period(containing: now, anchor: anchor).end)
  }

  /// `backdate_start_date`.
  private static func requestedDate(_ call: Call) throws -> Timestamp? {
    guard let date = call.timestamp("backdate_start_date") else { return nil }
    guard date <= call.now, date.seconds >= 0 else {
      throw SandboxError.invalid(
        "`backdate_start_date` must be in the past.", parameter: "backdate_start_date")
    }
    return date
  }
}

// MARK: The anchor

extension SubscriptionStart {
  /// `billing_cycle_anchor` or `billing_cycle_anchor_config`; nil for neither.
  private static func requestedAnchor(
    _ call: Call, _ interval: BillingInterval
  ) throws -> Timestamp? {
    try call.checkExclusive("billing_cycle_anchor", "billing_cycle_anchor_config")
    if let config = call.object("billing_cycle_anchor_config") {
      return try anchor(config, interval, after: call.now)
    }
    guard let anchor = call.timestamp("billing_cycle_anchor") else { return nil }
    guard anchor > call.now else {
      throw SandboxError.invalid(
        "Invalid timestamp: must be an integer Unix timestamp in the future.",
        parameter: "billing_cycle_anchor")
    }
    let natural = interval.boundary(1, after: call.now)
    guard anchor <= natural else {
      throw SandboxError.invalid(
        """
        `billing_cycle_anchor` cannot be later than next natural billing date \
        (\(natural.seconds)) for plan
        """, parameter: "billing_cycle_anchor")
    }
    return anchor
  }

  /// The next moment that fits a day of the month, a month and a time; where the time is not given,
  /// the time of the request (a choice).
  ///
  /// In a month that is too short it is the last day. The anchor is then the last moment before that
  /// fits exactly, so that later months have their right day again.
  private static func anchor(
    _ config: JSONObject, _ interval: BillingInterval, after now: Timestamp
  ) throws -> Timestamp {
    let name = "billing_cycle_anchor_config"
    guard interval.unit == .month || interval.unit == .year else {
      throw SandboxError.invalid(
        "`\(name)` can only be used with prices of months or years.", parameter: name)
    }
    let bounds: [(String, ClosedRange<Int64>)] = [
      ("day_of_month", 1...31), ("month", 1...12), ("hour", 0...23), ("minute", 0...59),
      ("second", 0...59),
    ]
    for (field, range) in bounds {
      if let value = config.integer(field) {
        try Call.checkRange(value, range, parameter: "\(name)[\(field)]")
      }
    }
    var time = CivilTime(now)
    time.hour = config.integer("hour").map { Int($0) } ?? time.hour
    time.minute = config.integer("minute").map { Int($0) } ?? time.minute
    time.second = config.integer("second").map { Int($0) } ?? time.second
    let day = config.integer("day_of_month").map { Int($0) } ?? time.day
    time.day = 1
    let candidates = (-1...13).map { offset -> CivilTime in
      var candidate = time.adding(months: offset)
      let days = CivilTime.days(inMonth: candidate.month, of: candidate.year)
      candidate.day = min(day, days)
      return candidate
    }
    let fitting = candidates.filter { candidate in
      config.integer("month").map { Int($0) == candidate.month } ?? true
    }
    guard let next = fitting.first(where: { $0.timestamp > now }) else {
      throw SandboxError.unexpected
    }
    guard next.day != day, interval == BillingInterval(.month),
      let exact = fitting.last(where: { $0.timestamp <= now && $0.day == day })
    else { return next.timestamp }
    return exact.timestamp
  }
}

// MARK: What is charged

extension SubscriptionStart {
  /// The lines of the first invoice: the time since a start in the past, then the first period.
  ///
  /// With `proration_behavior=none` only a whole period costs something.
  func lines(for subscription: JSONObject, _ call: Call) throws -> [InvoiceLine] {
    let isProrated = call.string("proration_behavior") != "none"
    let past = try isProrated ? pastLines(for: subscription, call) : []
    guard trialEnd == nil, interval.period(containing: now, anchor: anchor) != period else {
      return past + (try SubscriptionLines.full(of: subscription, call))
    }
    guard isProrated else { return [] }
    // The discounts of the invoice apply to these lines, so that the lines must not bear them.
    let proration = try SubscriptionProration(
      of: subscription, from: now, bearsDiscounts: false, call)
    let charges = try proration.charges(in: subscription)
    return past
      + subscription.listed("items").compactMap { item in
        charges[item.id].map { line in
          var line = line
          line.isDiscountable = true
          return line
        }
      }
  }

  /// The time from the start date until now, a line for each item: the parts of each period of the
  /// anchor's grid, each rounded by itself.
  private func pastLines(for subscription: JSONObject, _ call: Call) throws -> [InvoiceLine] {
    guard date < now else { return [] }
    return try SubscriptionLines.full(of: subscription, call).map { line in
      var past = line
      (past.amount, past.isProration) = (0, true)
      var from = date
      while from < now {
        let whole = interval.period(containing: from, anchor: anchor)
        let end = min(whole.end, now)
        let part = try Money.prorated(line.amount, remaining: end - from, total: whole.seconds)
        past.amount = try Money.sum([past.amount, part])
        from = end
      }
      past.period = BillingPeriod(start: date, end: now)
      past.description = PriceText.past(
        product: try SubscriptionItems.product(of: line.price, call), quantity: line.quantity,
        past.period)
      return past
    }
  }
}
