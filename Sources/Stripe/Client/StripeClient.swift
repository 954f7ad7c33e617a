/// Stripe's REST API over a transport: versioned, keyed, retried, within the rate limit.
package struct StripeClient: Sendable {
  package struct Configuration: Sendable {
    package var key: StripeKey?
    package var baseURL: String
    package var apiVersion: String
    package var timeoutSeconds: Double
    package var maxRetries: Int
    /// Requests a second; nil for none.
    package var rateLimit: Double?

    package init(
      key: StripeKey? = nil, baseURL: String = "https://api.stripe.com",
      apiVersion: String = "2026-10-28.endive", timeoutSeconds: Double = 80, maxRetries: Int = 2,
      rateLimit: Double? = nil
    ) {
      self.key = key
      self.baseURL = baseURL
      self.apiVersion = apiVersion
      self.timeoutSeconds = timeoutSeconds
      self.maxRetries = maxRetries
      self.rateLimit = rateLimit
    }
  }

  package let configuration: Configuration
  private let transport: any Transport

  package init(transport: any Transport, configuration: Configuration) {
    self.transport = transport
    self.configuration = configuration
  }

  /// Sends a request and reads the answer; retries what is safe to retry.
  package func send(_ request: StripeRequest) async throws(StripeError) -> StripeResponse {
    throw .invalidRequest(.path)
  }
}
