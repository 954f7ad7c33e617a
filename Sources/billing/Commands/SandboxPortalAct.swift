import Basics
import Stripe

/// `billing sandbox portal act`: the customer does something in the customer portal.
struct SandboxPortalAct: Command {
  enum Action: String, CaseIterable {
    case update, cancel, resume
    case paymentMethod = "payment-method"
  }

  static let name = "sandbox portal act"
  static let summary = "Play the customer in the customer portal"
  static let discussion = """
    Does what a customer can do in a portal session of the sandbox: change the plan, cancel, take a
    cancellation back, or give another card. Only what the portal's configuration allows works. In
    place of a session's id a customer's opens the default portal.
    """
  static let parameters: [Parameter] = [
    .required("ID", "The portal session: bps_…, or a customer: cus_…"),
    .required("ACTION", "What the customer does", choices: Action.allCases.map { $0.rawValue }),
    .option("--price", "PRICE", "The new price's id or lookup key (update)"),
    .option("--quantity", "N", "The new quantity (update)"),
    .option("--promotion-code", "CODE", "A code to redeem (update)"),
    .option("--feedback", "F", "Why: too_expensive, missing_features … (cancel)"),
    .option("--comment", "TEXT", "In the customer's words (cancel)"),
    .option("--card", "NUMBER", "A test card or its token (payment-method)"),
  ]
  static let examples = [
    "sandbox portal act bps_a1b2 update --price billing_pro_month",
    "sandbox portal act cus_a1b2 payment-method --card 4000000000000341",
  ]

  var id: String
  var action: Action
  var entries = JSONObject()

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.positional("ID")
    let word = try arguments.positional("ACTION")
    let known = Action.allCases.map { $0.rawValue }
    guard let action = Action(rawValue: word) else {
      throw UsageError(
        "ACTION must be \(Arguments.list(known)), not \(Arguments.quoted(word))",
        suggestion: NearestName.of(word, among: known), command: Self.name)
    }
    self.action = action
    let quantity = try arguments.integer("--quantity", in: 0...999_999_999)
    try take("--price", as: "price", of: .update, from: arguments)
    try take("--promotion-code", as: "promotion_code", of: .update, from: arguments)
    try take("--feedback", as: "feedback", of: .cancel, from: arguments)
    try take("--comment", as: "comment", of: .cancel, from: arguments)
    try take("--card", as: "card", of: .paymentMethod, from: arguments)
    if let quantity {
      guard action == .update else { throw arguments.error("--quantity belongs to update") }
      entries["quantity"] = .integer(quantity)
    }
  }

  private mutating func take(
    _ option: String, as name: String, of owner: Action, from arguments: Arguments
  ) throws(UsageError) {
    guard let value = try arguments.option(option) else { return }
    guard action == owner else { throw arguments.error("\(option) belongs to \(owner.rawValue)") }
    entries[name] = .string(value)
  }

  func run(_ context: Context) async throws -> ObjectReport {
    let step = action == .paymentMethod ? "payment_method" : action.rawValue
    let session = try await context.sandboxAnswer(
      .post, "billing_portal", "sessions", id, step, parameters: entries)
    return SandboxPageView.portal(session)
  }
}
