import Basics
import Stripe

/// `billing sandbox checkout expire`: the customer never came.
struct SandboxCheckoutExpire: Command {
  static let name = "sandbox checkout expire"
  static let summary = "Let a checkout expire"
  static let discussion = """
    Ends an open Checkout Session of the sandbox before its time. Nothing is charged.
    """
  static let parameters: [Parameter] = [.required("ID", "The Checkout Session: cs_test_…")]
  static let examples = ["sandbox checkout expire cs_test_a1b2"]

  var id: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.positional("ID")
  }

  func run(_ context: Context) async throws -> ObjectReport {
    let path = StripePath("checkout", "sessions", id, "expire")
    let session = try await context.sandboxAnswer(to: StripeRequest(.post, path))
    return SandboxPageView.checkout(session)
  }
}
