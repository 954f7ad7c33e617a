import Basics
import Stripe

/// `billing sandbox checkout complete`: the customer pays on the checkout page.
struct SandboxCheckoutComplete: Command {
  static let name = "sandbox checkout complete"
  static let summary = "Play the customer who completes a checkout"
  static let discussion = """
    Fills in the page of a Checkout Session of the sandbox and pays with a test card. A card that
    is declined is an error, and the session stays open, as the page would. Afterwards the
    subscription, the payment or the saved card is there, and so are the events.
    """
  static let parameters: [Parameter] = [
    .required("ID", "The Checkout Session: cs_test_…"),
    .option("--card", "NUMBER", "A test card or its token (default 4242424242424242)"),
    .option("--email", "E", "What the customer enters as the e-mail address"),
    .option("--promotion-code", "CODE", "What the customer enters as the code"),
  ]
  static let examples = [
    "sandbox checkout complete cs_test_a1b2",
    "sandbox checkout complete cs_test_a1b2 --card 4000000000000002",
  ]

  var id: String
  var page = JSONObject()

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.positional("ID")
    page["card"] = try arguments.option("--card").map(JSON.string)
    page["email"] = try arguments.option("--email").map(JSON.string)
    page["promotion_code"] = try arguments.option("--promotion-code").map(JSON.string)
  }

  func run(_ context: Context) async throws -> ObjectReport {
    let session = try await context.sandboxAnswer(
      .post, "checkout", "sessions", id, "complete", parameters: page)
    return SandboxPageView.checkout(session)
  }
}
