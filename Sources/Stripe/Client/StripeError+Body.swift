private import Basics

extension StripeError.Refusal {
  /// A message is cut beyond this; Stripe's have some hundred characters.
  static let longestMessage = 2000

  /// Reads Stripe's error object; of a body that is none (HTML, empty, cut off, another shape) the
  /// status is what remains, under the type `api_error`.
  init(status: Int, body: [UInt8], _ requestID: String?) {
    let error = (try? JSON(parsing: body))?["error"]
    let text = { (key: String) -> String? in
      error?[key]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
    let message = text("message") ?? error?.string
    self.init(
      status: status,
      type: text("type") ?? "api_error",
      code: text("code"),
      declineCode: text("decline_code"),
      message: message.map { String($0.prefix(Self.longestMessage)) }
        ?? Self.message(status: status),
      parameter: text("param"),
      requestID: requestID)
  }

  private static func message(status: Int) -> String {
    switch status {
    case 300...399: "the server redirects elsewhere (\(status)), which is not followed"
    case 401: "the server does not accept the key (401)"
    case 403: "the key may not do this (403)"
    case 404: "the server knows no such thing (404)"
    case 429: "too many requests (429)"
    case 500...599: "the server failed (\(status))"
    default: "the server answered \(status) without saying why"
    }
  }
}
