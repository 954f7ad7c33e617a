import Basics
import Stripe

/// `billing sandbox authenticate`: the customer answers the bank's question.
struct SandboxAuthenticate: Command {
  static let name = "sandbox authenticate"
  static let summary = "Play the customer who confirms a payment with the bank (3D Secure)"
  static let discussion = """
    Completes, or with --fail fails, the authentication that a payment or a set-up of the sandbox
    waits for (requires_action).
    """
  static let parameters: [Parameter] = [
    .required("ID", "The payment intent (pi_…) or setup intent (seti_…)"),
    .flag("--fail", "The customer does not pass"),
  ]
  static let examples = ["sandbox authenticate pi_a1b2", "sandbox authenticate pi_a1b2 --fail"]

  var id: String
  var fails: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.positional("ID")
    fails = arguments.flag("--fail")
  }

  func run(_ context: Context) async throws -> ObjectReport {
    let kind = id.hasPrefix("seti_") ? "setup_intents" : "payment_intents"
    let intent = try await context.sandboxAnswer(
      .post, kind, id, "authenticate", parameters: ["outcome": fails ? "failed" : "succeeded"])
    let keys = ["id", "status", "customer", "amount", "currency"]
    return ObjectReport(
      object: JSONObject(uniqueKeysWithValues: keys.map { ($0, intent[$0] ?? .null) }),
      fields: [
        Field("Intent", intent["id"]), Field("Status", intent["status"]),
        Field("Customer", intent["customer"]),
        Field("Amount", Cell(money: intent["amount"], currency: intent["currency"])),
      ])
  }
}
