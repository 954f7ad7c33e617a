import Basics

/// A webhook request that is to be sent now, by POST.
package struct SandboxDelivery: Sendable {
  /// Tells the sandbox which delivery an answer belongs to.
  package let id: Int64
  /// The id of the event.
  package let event: String
  package let url: String
  package let headers: [(name: String, value: String)]
  package let body: [UInt8]

  /// - Parameter time: the real time, since receivers compare the signature's with their own.
  init(_ delivery: Delivery, url: String, secret: Secret, at time: Timestamp) {
    id = delivery.id
    event = delivery.event
    body = Array(delivery.body.utf8)
    self.url = url
    headers = [
      ("Content-Type", "application/json; charset=utf-8"),
      ("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)"),
      ("Accept", "*/*; q=0.5, application/xml"), ("Cache-Control", "no-cache"),
      ("Stripe-Signature", Self.signature(of: body, secret: secret, at: time)),
    ]
  }

  /// HMAC-SHA256 over the time, a dot and the bytes of the body; the key is the whole secret with
  /// its `whsec_`.
  static func signature(of body: [UInt8], secret: Secret, at time: Timestamp) -> String {
    let digest = Hash.hmacSHA256(
      key: Array(secret.reveal().utf8), Array("\(time.seconds).".utf8), body)
    return "t=\(time.seconds),v1=\(Hex.encode(digest))"
  }
}
