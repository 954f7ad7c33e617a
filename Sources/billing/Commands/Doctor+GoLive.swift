import Basics
import BillingCore
import Stripe

/// The checks before real money moves.
extension Doctor {
  func goLiveFindings(_ context: Context) async -> [Finding] {
    var findings = [liveKeyFinding(context)]
    if case nil = try? context.secret("STRIPE_WEBHOOK_SECRET") {
      findings.append(
        .fault(
          "live_webhook_secret", "STRIPE_WEBHOOK_SECRET is not set",
          hint: "make an endpoint in Stripe's dashboard; its signing secret begins with whsec_"))
    }
    findings.append(returnAddressFinding(context))
    guard (try? context.key()) != nil else { return findings }
    findings.append(await accountFinding(context))
    findings.append(await endpointFinding(context))
    if let finding = await portalFinding(context) { findings.append(finding) }
    return findings
  }

  private func liveKeyFinding(_ context: Context) -> Finding {
    guard let key = try? context.key(), key.mode == .live, !context.settings.isSandbox else {
      return .fault(
        "live_key", "this is not a live key", hint: "set STRIPE_SECRET_KEY to rk_live_…",
        code: "wrong_mode")
    }
    guard key.isRestricted else {
      return .warning(
        "live_key", "a secret key may do everything",
        hint: "make a restricted key (rk_live_…) with what this tool needs")
    }
    return .ok("live_key", "a restricted live key")
  }

  private func returnAddressFinding(_ context: Context) -> Finding {
    guard let address = context.environment["FRONTEND_URL"] else {
      return .warning(
        "return_url", "FRONTEND_URL is not set",
        hint: "checkout and portal need it, or urls in plans.yaml, or their options")
    }
    guard address.hasPrefix("https://") else {
      return .fault("return_url", "FRONTEND_URL is not https", hint: "customers return there")
    }
    return .ok("return_url", address)
  }

  private func accountFinding(_ context: Context) async -> Finding {
    do {
      let account = try await context.client()
        .send(StripeRequest(.get, StripePath("account"))).json
      guard account["charges_enabled"]?.bool ?? true else {
        return .fault(
          "account", "Stripe does not let this account charge yet",
          hint: "complete its details in Stripe's dashboard")
      }
      return .ok("account", "may charge")
    } catch {
      return .warning("account", CommandError(explaining: error).message)
    }
  }

  private func endpointFinding(_ context: Context) async -> Finding {
    do {
      let answer = try await context.client()
        .send(StripeRequest(.get, StripePath("webhook_endpoints"), ["limit": 100]))
      let enabled = (answer.json["data"]?.array ?? []).filter {
        $0["status"]?.string == "enabled" && $0["url"]?.string?.hasPrefix("https://") ?? false
      }
      guard !enabled.isEmpty else {
        return .fault(
          "webhook_endpoint", "Stripe has no endpoint to send events to",
          hint: "make one in Stripe's dashboard, for the address of your listener")
      }
      return .ok("webhook_endpoint", "\(enabled.count) enabled")
    } catch {
      return .warning("webhook_endpoint", CommandError(explaining: error).message)
    }
  }

  /// Whether customers find the portal that the catalogue describes; nil where there is none.
  private func portalFinding(_ context: Context) async -> Finding? {
    do {
      guard let catalogue = try context.catalogueIfAny() else { return nil }
      let state = try await PortalState.load(
        catalogue, returnURL: try context.portalAddress(nil, catalogue), from: context.client())
      let differences = PortalPlanning.differences(state)
      guard state.found != nil, differences.isEmpty else {
        return .warning(
          "portal",
          state.found == nil
            ? "the customer portal is not configured"
            : "the customer portal differs: \(differences.joined(separator: ", "))",
          hint: "billing portal configure makes it as plans.yaml says")
      }
      return .ok("portal", "as the catalogue says")
    } catch {
      return .warning("portal", CommandError(explaining: error).message)
    }
  }
}
