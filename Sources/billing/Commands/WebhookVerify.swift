import Basics
import BillingCore
import Stripe

struct WebhookVerify: Command {
  static let name = "webhook verify"
  static let summary = "Check the signature of a webhook"
  static let discussion = """
    Whether one of the secrets in STRIPE_WEBHOOK_SECRET (in the sandbox without one, its own) signed
    these bytes, no further from now than the tolerance, to either side. The file is the body of the
    request, byte for byte; the header is the value of Stripe-Signature. Nothing is kept.
    """
  static let parameters: [Parameter] = [
    .body,
    .option("--signature", "H", "The header: t=1492774577,v1=5257a869…"),
    .option("--tolerance", "S", "How many seconds it may be off (default 300)"),
  ]
  static let examples = ["webhook verify body.json --signature t=1492774577,v1=5257a869"]

  var file: String
  var header: String
  var toleranceSeconds: Int64

  init(parsing arguments: inout Arguments) throws(UsageError) {
    file = try arguments.positional("FILE")
    guard let header = try arguments.option("--signature") else {
      throw arguments.error("--signature is missing")
    }
    self.header = header
    toleranceSeconds =
      try arguments.integer("--tolerance", in: 1...Int64.max)
      ?? WebhookSignature.defaultToleranceSeconds
  }

  func run(_ context: Context) async throws -> ObjectReport {
    let body = try context.body(file, for: "webhook verify -")
    try WebhookSignature.verify(
      payload: body, header: header, secrets: try context.believedSecrets(),
      toleranceSeconds: toleranceSeconds, now: context.world.now())
    let event = (try? JSON(parsing: body)).flatMap { try? Event($0) }
    let sent = try WebhookSignature.time(of: header)
    let object: JSONObject = [
      "verified": true, "id": JSON(event?.id), "type": JSON(event?.type), "timestamp": JSON(sent),
    ]
    return ObjectReport(
      object: object,
      fields: [
        Field("verified", object["verified"]), Field("id", object["id"]),
        Field("type", object["type"]), Field("signed", object["timestamp"]),
      ], closing: event == nil ? "What was signed is no event of Stripe's." : nil)
  }
}

extension Context {
  /// The bytes of a webhook's body: of a file, or `-` for standard input.
  func body(_ file: String, for reader: String) throws -> [UInt8] {
    guard file != "-" else { return try readInput(for: reader) }
    do {
      return try Files.bytes(of: resolve(file))
    } catch {
      throw FileError(path: file, errno: error.errno)
    }
  }
}

extension Parameter {
  static let body = required("FILE", "The body of the request; - for standard input")
}
