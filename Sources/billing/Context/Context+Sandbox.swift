import Basics
import Stripe
import StripeSandbox

// What the commands of the group `sandbox` do: they speak to the sandbox whatever mode the run is
// in, as Stripe itself or a customer's browser would.
extension Context {
  /// A client of the sandbox, also without `--sandbox`.
  func sandboxClient() throws -> StripeClient {
    if settings.isSandbox { return try client() }
    return StripeClient(
      transport: SandboxTransport(sandbox: try sandbox()),
      configuration: StripeClient.Configuration(
        key: try StripeKey(parsing: SandboxTransport.key), baseURL: SandboxTransport.baseURL,
        apiVersion: settings.apiVersion, timeoutSeconds: settings.timeoutSeconds, maxRetries: 0,
        rateLimit: nil))
  }

  /// What the sandbox answers to one of its own operations: `/sandbox/…`.
  func sandboxAnswer(
    _ method: HTTPMethod, _ segments: String..., parameters: JSONObject = [:]
  ) async throws -> JSON {
    let request = StripeRequest(method, StripePath(segments: ["sandbox"] + segments), parameters)
    return try await sandboxClient().send(request).json
  }
}
