private import Basics

/// What one attempt brought.
enum AttemptOutcome: Sendable {
  case success(StripeResponse)
  /// An answer that is no success, or none that can be read.
  case answered(Answer)
  case failed(TransportError)

  struct Answer: Sendable, Hashable {
    var status: Int
    /// Stripe's error, or what the status says; for a 2xx that could not be read, why.
    var refusal: StripeError.Refusal
    /// `Stripe-Should-Retry`, where it is there.
    var shouldRetry: Bool?
    var retryAfterSeconds: Double?
    var isReplay = false
  }

  init(_ response: HTTPResponse) {
    let headers = response.headers
    let requestID = headers["Request-Id"]
    let isReplay = headers["Idempotent-Replayed"]?.lowercased() == "true"
    var answer = Answer(
      status: response.status,
      refusal: StripeError.Refusal(status: response.status, body: response.body, requestID),
      isReplay: isReplay)

    if (200...299).contains(response.status) {
      do throws(JSONError) {
        let json = try JSON(parsing: response.body)
        guard json.object == nil else {
          self = .success(
            StripeResponse(
              json: json, requestID: requestID, date: Self.date(headers), isReplay: isReplay))
          return
        }
        answer.refusal.message = "the body of a \(response.status) is no JSON object"
      } catch {
        let place = "\(error.reason.rawValue), byte \(error.offset)"
        answer.refusal.message = "the body of a \(response.status) is no JSON: \(place)"
      }
    }
    switch headers["Stripe-Should-Retry"]?.lowercased() {
    case "true": answer.shouldRetry = true
    case "false": answer.shouldRetry = false
    default: break
    }
    answer.retryAfterSeconds = Self.retryAfterSeconds(headers)
    self = .answered(answer)
  }

  private static func date(_ headers: HTTPHeaders) -> Timestamp? {
    headers["Date"].flatMap { Timestamp(httpDate: $0) }
  }

  /// Seconds, or a date, which is counted from the answer's own.
  private static func retryAfterSeconds(_ headers: HTTPHeaders) -> Double? {
    guard let text = headers["Retry-After"] else { return nil }
    if let seconds = UInt32(text) { return Double(seconds) }
    guard let until = Timestamp(httpDate: text), let date = date(headers) else { return nil }
    return Double(max(0, until - date))
  }

  /// 429, and the 400 that old versions answer with.
  var isRateLimited: Bool {
    guard case .answered(let answer) = self else { return false }
    return answer.status == 429 || (answer.status == 400 && answer.refusal.code == "rate_limit")
  }

  /// Whether a write may have been executed for all that this attempt tells.
  var mayHaveBeenExecuted: Bool {
    switch self {
    case .success: true
    case .failed(let error): error.mayHaveReachedServer
    case .answered(let answer):
      answer.status >= 500 || (200...299).contains(answer.status)
        || answer.refusal.code == "idempotency_key_in_use"
    }
  }
}
