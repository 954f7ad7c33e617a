import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct OutgoingSignatureTests {
  private func endpoint(
    _ scheme: OutgoingEndpoint.Scheme, header: String? = nil
  ) -> OutgoingEndpoint {
    OutgoingEndpoint(
      id: "ep_1", url: "https://app.example.com", events: [], scheme: scheme,
      signatureHeader: header, created: noon)
  }

  private func fields(_ headers: HTTPHeaders) -> [String] {
    headers.fields.map { "\($0.name): \($0.value)" }
  }

  /// The example of the libraries of Standard Webhooks
  /// (https://github.com/standard-webhooks/standard-webhooks/tree/main/libraries).
  @Test func standardWebhooksAreSignedAsTheirExampleIs() {
    let headers = OutgoingSignature.headers(
      of: Array(#"{"test": 2432232314}"#.utf8), id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      for: endpoint(.standard), secret: Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
      at: Timestamp(1_614_265_330))
    #expect(
      fields(headers) == [
        "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp: 1614265330",
        "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
      ])
  }

  @Test func aHeaderOfOnesOwnIsAsStripeSigns() throws {
    let (body, secret) = (Array("{}".utf8), Secret("whsec_one"))
    let headers = OutgoingSignature.headers(
      of: body, id: "msg_1", for: endpoint(.stripe, header: "X-Coditect-Signature"),
      secret: secret, at: noon)
    #expect(headers.fields.map { $0.name } == ["X-Coditect-Signature"])
    try WebhookSignature.verify(
      payload: body, header: headers["X-Coditect-Signature"] ?? "", secrets: [secret],
      toleranceSeconds: 1, now: noon)
  }

  /// What is random in a secret is Base64 of 24 bytes.
  @Test func aSecretIsOneOfStandardWebhooks() {
    let secret = OutgoingEndpoint.secret(
      Random.token(length: OutgoingEndpoint.secretLength)
    ).reveal()
    #expect(secret.hasPrefix("whsec_"))
    #expect(Base64.decode(String(secret.dropFirst(6)))?.count == 24)
  }
}
