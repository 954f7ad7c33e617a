import Basics

/// The phases of a schedule, as a request asks for them and as they are stored: one after the
/// other without gaps, the end of each reckoned where it is not given.
///
/// A phase without `end_date` and `duration` lasts until the next begins, and the last of them one
/// interval of its first price: what Stripe does is not known where nothing at all is said.
struct SchedulePhases {
  let call: Call
  let customer: String
  /// The prices that the schedule and its subscription have: only what is new must be in use.
  var agreedPrices: Set<String> = []

  static let maximumCount = 10
  /// The end of the year 9999.
  static let latest = Timestamp(253_402_300_799)

  /// Reads the parameter `phases`.
  ///
  /// - Parameter start: when the first begins.
  func read(from start: Timestamp) throws -> [JSONObject] {
    let given = call.array("phases")?.compactMap { $0.object } ?? []
    guard !given.isEmpty else { throw SandboxError.missingParameter("phases") }
    guard given.count <= Self.maximumCount else {
      throw SandboxError.invalid(
        "Array phases exceeded maximum \(Self.maximumCount) allowed elements.",
        parameter: "phases")
    }
    var phases: [JSONObject] = []
    var begin = start
    for (index, phase) in given.enumerated() {
      let next = index + 1 < given.count ? moment(given[index + 1]["start_date"]) : nil
      if index > 0, let own = moment(phase["start_date"]), own != begin {
        throw SandboxError.invalid(
          "The start date of a phase must be the end date of the phase before it.",
          parameter: "phases[\(index)][start_date]")
      }
      let made = try read(phase, at: index, from: begin, until: next)
      begin = made.timestamp("end_date") ?? begin
      phases.append(made)
    }
    if let currency = phases.first?.string("currency"),
      let index = phases.firstIndex(where: { $0.string("currency") != currency })
    {
      throw SandboxError.invalid(
        "All phases must have the same currency.", parameter: "phases[\(index)][items]")
    }
    return phases
  }

  /// A moment: seconds, or `now`.
  func moment(_ value: JSON?) -> Timestamp? {
    value == "now" ? call.now : value?.integer.map { Timestamp($0) }
  }
}

// MARK: A phase

extension SchedulePhases {
  private static let supported = [
    "add_invoice_items", "billing_cycle_anchor", "collection_method", "currency",
    "default_payment_method", "description", "discounts", "duration", "end_date",
    "invoice_settings", "items", "metadata", "proration_behavior", "start_date", "trial",
    "trial_end",
  ]

  static let template = JSONObject.template(
    """
    {"add_invoice_items":[],"application_fee_percent":null,"automatic_tax":null,
    "billing_cycle_anchor":null,"billing_thresholds":null,"collection_method":null,
    "currency":"usd","default_payment_method":null,"default_tax_rates":[],"description":null,
    "discounts":[],"end_date":0,"invoice_settings":null,"items":[],"metadata":{},
    "on_behalf_of":null,"proration_behavior":"create_prorations","start_date":0,
    "transfer_data":null,"trial":null,"trial_end":null}
    """)

  private func read(
    _ given: JSONObject, at index: Int, from start: Timestamp, until next: Timestamp?
  ) throws -> JSONObject {
    let name = { (field: String) in "phases[\(index)][\(field)]" }
    for field in given.keys where !Self.supported.contains(field) {
      throw Self.unsupported(name(field))
    }
    let wanted = try PhaseItems.read(given, at: index, agreed: agreedPrices, call)
    guard let first = wanted.first?.price else {
      throw SandboxError.missingParameter(name("items"))
    }
    let end = try end(of: given, from: start, until: next, price: first, name)
    var phase = Self.template.setting([
      "currency": first["currency"] ?? .null, "end_date": .time(end),
      "items": .array(try wanted.map { try PhaseItems.stored($0) }), "start_date": .time(start),
      "metadata": given["metadata"] ?? [:],
    ])
    if let currency = given.string("currency"), currency != first.string("currency") {
      throw SandboxError.invalid(
        "The price specified does not support the currency \(currency).",
        parameter: name("currency"))
    }
    for field in [
      "billing_cycle_anchor", "collection_method", "description", "proration_behavior", "trial",
    ] {
      if let value = given[field] { phase[field] = value == "" ? .null : value }
    }
    if let method = given.string("default_payment_method") {
      phase["default_payment_method"] = .string(
        try PaymentMethods.attached(
          method, to: customer, call, parameter: name("default_payment_method")
        ).id)
    }
    if let settings = given["invoice_settings"] {
      try Self.checkInvoiceSettings(settings, parameter: name("invoice_settings"))
      phase["invoice_settings"] = [
        "account_tax_ids": .null, "custom_fields": .null,
        "days_until_due": settings["days_until_due"] ?? .null, "description": .null,
        "footer": .null, "issuer": .null,
      ]
    }
    phase["discounts"] = .array(try discounts(given, name("discounts")))
    phase["add_invoice_items"] = .array(try PhaseItems.added(given, at: index, call))
    phase["trial_end"] = .time(try trialEnd(of: given, from: start, until: end, name))
    return phase
  }

  private func end(
    of given: JSONObject, from start: Timestamp, until next: Timestamp?, price: JSONObject,
    _ name: (String) -> String
  ) throws -> Timestamp {
    let explicit = moment(given["end_date"])
    let duration = given.object("duration")
    guard explicit == nil || duration == nil else {
      throw SandboxError.invalid(
        "You may only specify one of these parameters: duration, end_date.",
        code: "parameters_exclusive", parameter: name("duration"))
    }
    var end = explicit ?? next
    if let duration {
      let count = duration.integer("interval_count") ?? 1
      try Call.checkRange(count, 1...1095, parameter: name("duration][interval_count"))
      let unit = BillingInterval.Unit(rawValue: duration.string("interval") ?? "") ?? .month
      end = BillingInterval(unit, Int(count)).boundary(1, after: start)
    }
    guard let moment = end ?? BillingInterval(price: price)?.boundary(1, after: start) else {
      throw SandboxError.unexpected
    }
    guard moment > start, moment <= Self.latest else {
      throw SandboxError.invalid(
        "The end date of a phase must be after its start date.", parameter: name("end_date"))
    }
    return moment
  }

  private func trialEnd(
    of given: JSONObject, from start: Timestamp, until end: Timestamp, _ name: (String) -> String
  ) throws -> Timestamp? {
    guard given["trial_end"] != nil else { return given.bool("trial") == true ? end : nil }
    guard given["trial_end"] != "now" else { return nil }
    guard let moment = moment(given["trial_end"]), moment > start, moment <= end else {
      throw SandboxError.invalid(
        "The trial of a phase must end within the phase.", parameter: name("trial_end"))
    }
    return moment
  }

  private func discounts(_ given: JSONObject, _ name: String) throws -> [JSON] {
    try given.objects("discounts").enumerated().map { index, entry in
      for (key, id) in entry {
        _ = try call.referenced(key, id.string ?? "", parameter: "\(name)[\(index)][\(key)]")
      }
      return [
        "coupon": entry["coupon"] ?? .null, "discount": entry["discount"] ?? .null,
        "promotion_code": entry["promotion_code"] ?? .null,
      ]
    }
  }

  static func checkInvoiceSettings(_ value: JSON, parameter: String) throws {
    for key in (value.object ?? [:]).keys where key != "days_until_due" {
      throw unsupported("\(parameter)[\(key)]")
    }
  }

  static func unsupported(_ name: String) -> SandboxError {
    .invalid(
      "The sandbox does not offer the parameter \(name) of this operation yet.",
      code: "parameter_unsupported", parameter: name)
  }
}
