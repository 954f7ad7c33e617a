import Basics

extension Sandbox {
  /// The fault that strikes a request; it is counted as soon as it is found.
  func fault(striking request: PreparedRequest) throws -> Fault? {
    guard !request.path.hasPrefix("/sandbox/") else { return nil }
    return try store.write { try fault(in: $0) { $0.suits(request) } }
  }

  /// The oldest fault that suits and strikes.
  func fault(in store: StoreTransaction, where suits: (Fault) -> Bool) throws -> Fault? {
    guard try store.hasFaults else { return nil }
    for fault in try store.faults() where fault.struck < fault.count && suits(fault) {
      guard fault.strikes(configuration.makeToken) else { continue }
      try store.noteStrike(fault.id)
      return fault
    }
    return nil
  }
}

extension Fault {
  /// Why a request is not carried out; nil where it is, whatever becomes of the answer.
  func refusal(of request: PreparedRequest) -> SandboxError? {
    switch kind {
    case .rateLimit: .rateLimited
    case .lockTimeout: .locked
    case .idempotencyConflict: .keyInUse(request.idempotencyKey ?? "")
    case .apiError: .backend
    // Nobody sees this answer; `spoil` puts another in its place, or none.
    case .html, .dropBefore: .backend
    default: nil
    }
  }

  /// What the caller gets to see of an answer.
  func spoil(_ answer: SandboxResponse) -> SandboxResponse {
    var spoilt = answer
    let delay = Int(delaySeconds ?? 0)
    switch kind {
    case .rateLimit: spoilt.headers.append(("Stripe-Rate-Limited-Reason", "global-rate"))
    case .html:
      spoilt = SandboxResponse(
        status: 502, headers: [("Content-Type", "text/html")], body: Array(Self.badGateway.utf8))
    case .dropBefore, .dropAfter: spoilt.delivery = .dropped
    case .timeout: spoilt.delivery = .unanswered(seconds: delay)
    case .slow: spoilt.delivery = .delayed(seconds: delay)
    case .truncated: spoilt.delivery = .truncated(bytes: answer.body.count / 2)
    default: break
    }
    return spoilt
  }

  /// What a proxy says when it does not reach the server behind it.
  private static let badGateway = """
    <html>
    <head><title>502 Bad Gateway</title></head>
    <body>
    <center><h1>502 Bad Gateway</h1></center>
    <hr><center>nginx</center>
    </body>
    </html>

    """
}

extension SandboxError {
  static let rateLimited = SandboxError.invalid(
    """
    Testmode request rate limit exceeded, the rate limits in testmode are lower than livemode. \
    You can learn more about rate limits here https://stripe.com/docs/rate-limits.
    """, code: "rate_limit", status: 429)

  /// Something failed on Stripe's side.
  static let backend = SandboxError(
    status: 500, type: .api,
    message: """
      Sorry! There was an error while talking to one of our backends. Support has been notified.
      """)
}
