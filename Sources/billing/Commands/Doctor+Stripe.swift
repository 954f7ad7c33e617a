import Basics
import BillingCore
import Stripe

/// What `doctor` finds at Stripe: the account, the clock, the webhook endpoints.
extension Doctor {
  /// A difference that signatures still bear; beyond it every webhook is refused.
  static let toleratedSkewSeconds: Int64 = 300
  static let noticedSkewSeconds: Int64 = 30

  /// Whether Stripe answers to this key, how far the clocks are apart, and where it sends events.
  func stripeFindings(_ answers: StripeAnswers, _ context: Context) -> [Finding] {
    var findings: [Finding] = []
    switch answers.account {
    case .success(let response):
      findings.append(.ok("stripe", "answers for \(response.json["id"]?.string ?? "an account")"))
      if let finding = clockFinding(response, context) { findings.append(finding) }
    case .failure(let error) where error.isForbidden:
      findings.append(
        .warning(
          .accountUnreadable, "answers, but this restricted key may not read the account"))
    case .failure(let error) where error.isOfKey:
      findings.append(.fault(.keyRefused, CommandError(explaining: error).message))
    case .failure(let error): findings.append(.fault("stripe", error))
    }
    if let endpoints = answers.endpoints { findings += endpointFindings(endpoints, context) }
    return findings
  }

  private func clockFinding(_ response: StripeResponse, _ context: Context) -> Finding? {
    if context.settings.isSandbox {
      return (try? context.now()).map { .ok("clock", "the sandbox is at \($0)") }
    }
    guard let date = response.date else { return nil }
    let skew = context.world.now() - date
    let words =
      skew == 0 ? "agrees with Stripe's" : "\(abs(skew)) s \(skew > 0 ? "ahead" : "behind")"
    switch abs(skew) {
    case ...Self.noticedSkewSeconds: return .ok("clock", words)
    case ...Self.toleratedSkewSeconds: return .warning(.clockOff, words)
    default: return .fault(.clockWrong, "\(words): webhook signatures will be refused")
    }
  }

  // MARK: Endpoints

  private func endpointFindings(
    _ answer: Result<[WebhookEndpoint], any Error>, _ context: Context
  ) -> [Finding] {
    switch answer {
    case .success(let endpoints): endpointFindings(endpoints, context)
    case .failure(let error) where error.isForbidden:
      [.warning(.endpointsUnreadable, "this restricted key may not read the webhook endpoints")]
    case .failure(let error): [.warning("webhook_endpoints", error)]
    }
  }

  private func endpointFindings(
    _ endpoints: [WebhookEndpoint], _ context: Context
  ) -> [Finding] {
    guard !endpoints.isEmpty else {
      if context.settings.isSandbox {
        return [.ok("webhook_endpoints", "none; the sandbox hands its events over by itself")]
      }
      return [.warning(.noEndpoint, "none: Stripe sends events nowhere")]
    }
    var findings: [Finding] = []
    for endpoint in endpoints where !endpoint.isEnabled {
      findings.append(
        .warning(.endpointDisabled, "\(endpoint.id) is disabled: \(endpoint.url)"))
    }
    let enabled = endpoints.filter { $0.isEnabled }
    let version = context.settings.apiVersion
    for endpoint in enabled {
      guard let own = endpoint.apiVersion, own != version else { continue }
      findings.append(
        .warning(.endpointVersion, "\(endpoint.id) sends events of \(own), and this is \(version)"))
    }
    let missing = WebhookEndpoint.unheard(by: enabled, in: version)
    if !enabled.isEmpty, !missing.isEmpty {
      findings.append(
        .warning(.endpointIncomplete, "no endpoint hears of \(WebhookEndpoint.words(missing))"))
    }
    guard findings.isEmpty else { return findings }
    return [.ok("webhook_endpoints", "\(enabled.count) enabled, with every event handled here")]
  }
}

extension WebhookEndpoint {
  var isEnabled: Bool { status == "enabled" }

  /// The events that have an effect here and that none of these endpoints is sent.
  static func unheard(by endpoints: [WebhookEndpoint], in version: String) -> [String] {
    let heard = Set(endpoints.flatMap { $0.enabledEvents })
    guard !heard.contains("*") else { return [] }
    let known = endpoints.map { HandledEvents.types(in: $0.apiVersion ?? version) }
    return HandledEvents.types(in: version).filter { type in
      !heard.contains(type) && known.contains { $0.contains(type) }
    }
  }

  /// `invoice.voided, price.created and 3 more`.
  static func words(_ types: [String]) -> String {
    let most = 3
    let names = types.prefix(most).joined(separator: ", ")
    return types.count > most ? "\(names) and \(types.count - most) more" : names
  }
}
