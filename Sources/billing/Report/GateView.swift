import Basics
import BillingCore

/// The object `gate decision` of the contract.
enum GateView {
  static let keys = [
    "allowed", "customer", "feature", "plan", "reason", "message", "value", "limit", "used",
    "remaining", "per", "upgrade_to", "packages", "upgrade_url",
  ]

  static func json(_ decision: GateDecision, _ gate: Gate) -> JSONObject {
    let limit = decision.limit
    return [
      "allowed": .bool(decision.isAllowed), "customer": .string(decision.customerID),
      "feature": .string(decision.featureID), "plan": .string(decision.planID),
      "reason": .string(decision.reason.rawValue), "message": .string(message(decision, gate)),
      "value": value(decision.right), "limit": JSON(limit?.maximum),
      "used": limit == nil ? .null : .integer(decision.used),
      "remaining": JSON(decision.remaining), "per": JSON(limit?.window?.rawValue),
      "upgrade_to": JSON(decision.upgradeTo),
      "packages": .array(decision.packageIDs.map { .string($0) }),
      "upgrade_url": decision.isAllowed ? .null : JSON(gate.catalogue.urls.upgrade),
    ]
  }

  /// Of a feature its value; a limit's stands under `limit`.
  private static func value(_ right: Right) -> JSON {
    guard case .feature(let value?) = right else { return .null }
    return PlanJSON.of(value)
  }

  /// Why, in a sentence that a program may show to the customer.
  private static func message(_ decision: GateDecision, _ gate: Gate) -> String {
    let name = gate.catalogue.displayName(decision.featureID)
    if decision.reason == .tokens { return paidWithTokens(decision, name) }
    if gate.right(decision.featureID)?.isOwn == true {
      return ownMessage(decision, name) + whatHelps(decision)
    }
    return reasonMessage(decision, gate, name) + whatHelps(decision)
  }

  /// What the customer can do, where tokens are for sale that would pay for it.
  private static func whatHelps(_ decision: GateDecision) -> String {
    guard !decision.packageIDs.isEmpty else { return "" }
    return decision.upgradeTo == nil ? ". Buy tokens" : ". Upgrade or buy tokens"
  }

  private static func paidWithTokens(_ decision: GateDecision, _ name: String) -> String {
    let tokens = PlanWords.number(decision.tokens)
    return "\(name): \(used(decision)) are used; what goes beyond takes \(tokens) tokens"
  }

  private static func reasonMessage(
    _ decision: GateDecision, _ gate: Gate, _ name: String
  ) -> String {
    let plan = gate.plan.name
    switch decision.reason {
    case .included, .tokens: return included(decision, name, plan)
    case .unlimited: return "\(name): unlimited with \(plan)"
    case .notInPlan: return "\(name) is not included in \(plan)"
    case .limitReached:
      return "\(name): \(used(decision)) are used" + shortage(decision, "all that \(plan) allows")
    case .grace:
      let end = gate.current.graceUntil.map { " until \($0.iso8601Date)" } ?? ""
      return included(decision, name, plan) + "; a payment is due, and access is kept\(end)"
    case .pastDue:
      let planID = gate.current.unpaidPlanID ?? ""
      let unpaid = gate.catalogue.plan(planID)?.name ?? planID
      return decision.limit == nil
        ? "\(name) is included in \(unpaid), for which a payment is due"
        : "\(name): \(used(decision)) are used; \(unpaid) allows more, and a payment for it is due"
    }
  }

  /// The same where the customer has a right of its own.
  private static func ownMessage(_ decision: GateDecision, _ name: String) -> String {
    guard let limit = decision.limit else {
      return "\(name) is \(decision.isAllowed ? "granted to" : "withheld from") this customer"
    }
    guard limit.maximum != nil else { return "\(name): unlimited, granted to this customer" }
    return decision.isAllowed
      ? "\(name): \(used(decision)) are used, granted to this customer"
      : "\(name): \(used(decision)) are used"
        + shortage(decision, "all that this customer was granted")
  }

  /// Why what was asked for does not fit: nothing is left, or too little.
  private static func shortage(_ decision: GateDecision, _ all: String) -> String {
    guard let left = decision.remaining, left > 0 else { return ", \(all)" }
    let asked = PlanWords.number(decision.asked)
    return ", and \(PlanWords.number(left)) left \(left == 1 ? "is" : "are") fewer than \(asked)"
  }

  private static func included(
    _ decision: GateDecision, _ name: String, _ plan: String
  ) -> String {
    guard let limit = decision.limit else { return "\(name) is included in \(plan)" }
    return limit.maximum == nil
      ? "\(name): unlimited with \(plan)" : "\(name): \(used(decision)) are used with \(plan)"
  }

  /// `3 of 10`.
  private static func used(_ decision: GateDecision) -> String {
    let maximum = PlanWords.number(orUnlimited: decision.limit?.maximum)
    return "\(PlanWords.number(decision.used)) of \(maximum)"
  }

  /// - Parameter json: as `json(_:_:)` makes it.
  static func report(_ json: JSONObject) -> ObjectReport {
    var fields = [
      Field("allowed", answer(json["allowed"])), Field("feature", json["feature"]),
      Field("plan", json["plan"]), Field("reason", json["reason"]),
    ]
    if let used = json["used"]?.integer {
      let limit = Limit(
        id: json["feature"]?.string ?? "", maximum: json["limit"]?.integer,
        window: json["per"]?.string.flatMap { Limit.Window(rawValue: $0) })
      fields.append(Field("limit", PlanWords.limit(limit)))
      fields.append(Field("used", "\(used)"))
      fields.append(Field("remaining", Cell(json["remaining"].unlimited)))
    } else {
      fields.append(Field("value", json["value"]))
    }
    if let plan = json["upgrade_to"]?.string { fields.append(Field("upgrade to", plan)) }
    if json["packages"]?.array?.isEmpty == false {
      fields.append(Field("packages", json["packages"]))
    }
    if let url = json["upgrade_url"]?.string { fields.append(Field("upgrade at", url)) }
    return ObjectReport(
      object: json, fields: fields, closing: (json["message"]?.string ?? "") + ".",
      outcome: json["allowed"] == true ? .done : .quiet(.denied))
  }

  private static func answer(_ allowed: JSON?) -> Cell {
    allowed == true ? Cell("yes", .green) : Cell("no", .red)
  }

  static let columns = [
    Column("FEATURE", "feature"), Column("ALLOWED") { answer($0["allowed"]) },
    Column("VALUE") { row in
      row["used"]?.isNull == false ? Cell(row["limit"].unlimited) : Cell(row["value"])
    },
    Column("USED", "used", alignment: .right),
    Column("LEFT", alignment: .right) { row in
      row["used"]?.isNull == false ? Cell(row["remaining"].unlimited) : Cell("-")
    },
    Column("PER", "per"), Column("REASON", "reason"), Column("UPGRADE TO", "upgrade_to"),
  ]
}

extension JSON? {
  /// Of a limit: no number is no limit.
  var unlimited: JSON { self?.integer.map { .integer($0) } ?? "unlimited" }
}
