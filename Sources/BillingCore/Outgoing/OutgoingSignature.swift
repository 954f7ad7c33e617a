import Basics
import Stripe

/// The headers by which a service knows who sent a message, and that nobody changed it.
enum OutgoingSignature {
  /// - Parameter time: real time, which the service compares with its own clock.
  static func headers(
    of body: [UInt8], id: String, for endpoint: OutgoingEndpoint, secret: Secret,
    at time: Timestamp
  ) -> HTTPHeaders {
    var headers = HTTPHeaders()
    switch endpoint.scheme {
    case .standard:
      headers.append("webhook-id", id)
      headers.append("webhook-timestamp", "\(time.seconds)")
      headers.append(
        endpoint.signatureHeader, standard(body, id: id, secret: secret, at: time))
    case .stripe:
      headers.append(
        endpoint.signatureHeader,
        WebhookSignature.sign(payload: body, secret: secret, at: time))
    }
    return headers
  }

  /// HMAC-SHA256 over the id, the time and the body, joined by dots; the key is what the secret's
  /// Base64 stands for
  /// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
  static func standard(
    _ body: [UInt8], id: String, secret: Secret, at time: Timestamp
  ) -> String {
    let text = String(secret.reveal().dropFirst(OutgoingEndpoint.secretPrefix.count))
    let key = Base64.decode(text) ?? Array(text.utf8)
    let digest = Hash.hmacSHA256(key: key, Array("\(id).\(time.seconds).".utf8) + body)
    return "v1,\(Base64.encode(digest))"
  }
}
