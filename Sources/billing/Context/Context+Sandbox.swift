import Basics
import Stripe
import StripeSandbox

// What the commands of the group `sandbox` do: they speak to the sandbox whatever mode the run is
// in, as Stripe itself or a customer's browser would.
extension Context {
  /// A client of the sandbox, also without `--sandbox`.
  func sandboxClient() throws -> StripeClient {
    if settings.isSandbox { return try client() }
    return try client(of: sandbox(), apiVersion: settings.apiVersion)
  }

  func client(of sandbox: Sandbox, apiVersion: String) throws -> StripeClient {
    StripeClient(
      transport: SandboxTransport(sandbox: sandbox),
      configuration: StripeClient.Configuration(
        key: try StripeKey(parsing: SandboxTransport.key), baseURL: SandboxTransport.baseURL,
        apiVersion: apiVersion, timeoutSeconds: settings.timeoutSeconds, maxRetries: 0,
        rateLimit: nil))
  }

  /// What the sandbox answers to one of its own operations: `/sandbox/…`.
  func sandboxAnswer(
    _ method: HTTPMethod, _ segments: String..., parameters: JSONObject = [:]
  ) async throws -> JSON {
    try await sandboxAnswer(
      to: StripeRequest(method, StripePath(segments: ["sandbox"] + segments), parameters))
  }

  /// What the sandbox answers; what it does not have is not found, as everywhere in this tool.
  func sandboxAnswer(to request: StripeRequest) async throws -> JSON {
    if request.method != .get { try refuseDryRun() }
    do {
      return try await sandboxClient().send(request).json
    } catch let error as StripeError {
      guard case .refused(let refusal) = error, refusal.status == 404 else { throw error }
      throw CommandError.notFound(refusal.message)
    }
  }

  /// The sandbox is there to be played with, and what would happen is seen when it does.
  func refuseDryRun() throws {
    guard settings.isDryRun else { return }
    throw CommandError.usage(
      "this command has no dry run", hint: "copy the sandbox's file to try things out")
  }
}
