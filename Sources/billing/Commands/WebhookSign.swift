import Basics
import Stripe

struct WebhookSign: Command {
  static let name = "webhook sign"
  static let summary = "Sign a body as Stripe would, for tests of an endpoint"
  static let discussion = """
    Prints the Stripe-Signature header for these bytes, made now with the first secret in
    STRIPE_WEBHOOK_SECRET (in the sandbox without one, its own). The file is taken byte for byte: send
    exactly the same.
    """
  static let parameters: [Parameter] = [.body]
  static let examples = ["webhook sign body.json"]

  var file: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    file = try arguments.positional("FILE")
  }

  func run(_ context: Context) async throws -> TextReport {
    guard let secret = try context.believedSecrets().first else {
      throw SignatureError.noSecret
    }
    let body = try context.body(file, for: "webhook sign -")
    let now = context.world.now()
    let header = WebhookSignature.sign(payload: body, secret: secret, at: now)
    return TextReport(
      text: header, data: .object(["header": .string(header), "timestamp": JSON(now)]))
  }
}
