/// What became of a request that brought no success. The cases are what a caller must tell apart:
/// whether something may have happened, and whether it is safe to try again.
package enum StripeError: Error, Sendable, Hashable {
  /// Stripe said no (4xx); nothing was changed.
  case refused(Refusal)
  /// The server was not reached; nothing happened.
  case notReached(TransportError)
  /// 429 to the end of the retries; nothing happened.
  case rateLimited(Refusal)
  /// A read that brought no readable answer: 5xx, a timeout, a cut, no JSON.
  case noAnswer(Failure)
  /// A write that may have been executed and whose answer is not known.
  case outcomeUnknown(Failure)
  /// The request would not be what the caller meant, so it was not sent.
  case invalidRequest(InvalidRequest)

  /// Stripe's error object (https://docs.stripe.com/api/errors).
  package struct Refusal: Sendable, Hashable {
    package var status: Int
    package var type: String
    package var code: String?
    package var declineCode: String?
    package var message: String
    package var parameter: String?
    package var requestID: String?

    package init(
      status: Int, type: String, code: String? = nil, declineCode: String? = nil,
      message: String, parameter: String? = nil, requestID: String? = nil
    ) {
      self.status = status
      self.type = type
      self.code = code
      self.declineCode = declineCode
      self.message = message
      self.parameter = parameter
      self.requestID = requestID
    }
  }

  /// The last thing that was seen of a request without a readable answer.
  package struct Failure: Sendable, Hashable {
    /// The status, where there was one.
    package var status: Int?
    /// Why, in words: what the transport said, or what the body was.
    package var detail: String
    /// Whether it was a timeout.
    package var isTimeout: Bool
    /// Whether a 5xx is what Stripe saved under the key, so that re-sending brings it again.
    package var isReplay: Bool
    package var requestID: String?

    package init(
      status: Int? = nil, detail: String, isTimeout: Bool = false, isReplay: Bool = false,
      requestID: String? = nil
    ) {
      self.status = status
      self.detail = detail
      self.isTimeout = isTimeout
      self.isReplay = isReplay
      self.requestID = requestID
    }
  }

  package enum InvalidRequest: String, Sendable, Hashable {
    case path = "an id that cannot stand in a path"
    case insecureBase = "plain http is for loopback addresses only"
  }
}
