import Basics

/// The answer to the first request that bore an idempotency key.
struct KeptAnswer {
  /// The SHA-256 of the request's body.
  var fingerprint: String
  /// Method and path: `POST /v1/customers`.
  var endpoint: String
  var status: Int
  /// The first request's id, which replays name as `Original-Request`.
  var requestID: String
  var body: String

  /// How long an answer is kept, by the sandbox's clock.
  static let lifetimeSeconds: Int64 = 24 * 3600
}
