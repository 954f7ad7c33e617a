import Basics
import BillingCore
import Stripe

/// The checks before real money moves.
extension Doctor {
  /// A copy that is older is none to rely on.
  private static let backupLifeSeconds: Int64 = 7 * 86_400

  func goLiveFindings(
    _ answers: StripeAnswers?, _ store: Store?, _ context: Context
  ) async -> [Finding] {
    var findings = [liveKeyFinding(context)]
    if (try? context.webhookSecrets())?.isEmpty ?? true {
      findings.append(.fault(.noLiveWebhookSecret, "STRIPE_WEBHOOK_SECRET is not set"))
    }
    findings.append(returnAddressFinding(context))
    if let answers {
      findings += accountFindings(answers)
      findings.append(endpointFinding(answers, context))
      findings += await catalogueFindings(context)
    }
    findings += await channelFindings(context)
    findings.append(receiptFinding(store, context))
    findings.append(backupFinding(store, context))
    return findings
  }

  private func liveKeyFinding(_ context: Context) -> Finding {
    guard let key = try? context.key(), key.mode == .live, !context.settings.isSandbox else {
      return .fault(.noLiveKey, "this is not a live key")
    }
    guard key.isRestricted else { return .warning(.mightyKey, "a secret key may do everything") }
    return .ok("live_key", "a restricted live key")
  }

  private func returnAddressFinding(_ context: Context) -> Finding {
    let urls = try? context.catalogueIfAny()?.urls
    let given = [urls?.checkoutSuccess, urls?.checkoutCancel, urls?.portalReturn].compactMap { $0 }
    let frontEnd = given.count == 3 ? nil : context.environment["FRONTEND_URL"]
    let addresses = given + (frontEnd.map { [$0] } ?? [])
    guard !addresses.isEmpty else {
      return .warning(.noReturnAddress, "FRONTEND_URL is not set")
    }
    guard let insecure = addresses.first(where: { !$0.hasPrefix("https://") }) else {
      return .ok("return_url", addresses.joined(separator: ", "))
    }
    let name = insecure == frontEnd ? "FRONTEND_URL" : insecure
    return .fault(.insecureReturnAddress, "\(name) is not https")
  }

  // MARK: The account

  private func accountFindings(_ answers: StripeAnswers) -> [Finding] {
    guard case .success(let answer) = answers.account else {
      return [
        Finding(
          check: "account", status: .warning, message: "the account could not be read",
          hint: Ailment.accountUnreadable.remedy)
      ]
    }
    let account = answer.json
    var findings: [Finding] = []
    if account["charges_enabled"]?.bool == false {
      findings.append(.fault(.cannotCharge, "Stripe does not let this account charge yet"))
    }
    if account["payouts_enabled"]?.bool == false {
      findings.append(.fault(.cannotPayOut, "Stripe does not pay out to this account yet"))
    }
    findings += requirementFindings(account["requirements"])
    if findings.isEmpty { findings.append(.ok("account", "may charge, and is paid out to")) }
    return findings + [descriptorFinding(account)]
  }

  private func requirementFindings(_ requirements: JSON?) -> [Finding] {
    let names = { (key: String) in requirements?[key]?.array?.compactMap { $0.string } ?? [] }
    let overdue = names("past_due")
    if !overdue.isEmpty {
      return [.fault(.overdueRequirements, "overdue: \(overdue.joined(separator: ", "))")]
    }
    let due = names("currently_due")
    return due.isEmpty ? [] : [.warning(.dueRequirements, "due: \(due.joined(separator: ", "))")]
  }

  private func descriptorFinding(_ account: JSON) -> Finding {
    let words = account["settings"]?["payments"]?["statement_descriptor"]?.string ?? ""
    guard !words.isEmpty else {
      return .warning(.noStatementDescriptor, "nothing stands on customers' card statements")
    }
    return .ok("statement_descriptor", words)
  }

  private func endpointFinding(_ answers: StripeAnswers, _ context: Context) -> Finding {
    guard case .success(let endpoints)? = answers.endpoints else {
      return .warning(.endpointsUnreadable, "the webhook endpoints could not be read")
    }
    let usable = endpoints.filter { $0.isEnabled && $0.url.hasPrefix("https://") }
    guard !usable.isEmpty else {
      return .fault(.noLiveEndpoint, "Stripe has no endpoint to send events to")
    }
    let missing = WebhookEndpoint.unheard(by: usable, in: context.settings.apiVersion)
    guard missing.isEmpty else {
      return .fault(
        .incompleteLiveEndpoint, "no endpoint hears of \(WebhookEndpoint.words(missing))")
    }
    return .ok("webhook_endpoint", "\(usable.count) enabled, with every event handled here")
  }

  // MARK: Catalogue and portal

  private func catalogueFindings(_ context: Context) async -> [Finding] {
    guard let catalogue = try? context.catalogueIfAny() else {
      return [.fault(.noCatalogue, "there is no plan catalogue that can be used")]
    }
    return [
      await catalogueFinding(catalogue, context), await portalFinding(catalogue, context),
    ]
  }

  private func catalogueFinding(_ catalogue: Catalogue, _ context: Context) async -> Finding {
    do {
      let difference = CatalogueDifference(
        catalogue, try await CatalogueState.load(catalogue, from: context.client()))
      let count = difference.changes.count + difference.conflicts.count
      guard count == 0 else {
        return .fault(
          .catalogueBehind, "Stripe differs in \(count) \(count == 1 ? "point" : "points")")
      }
      return .ok("catalogue", "Stripe has it as \(context.shown(context.settings.plansPath)) says")
    } catch {
      return Self.unread("catalogue", error)
    }
  }

  /// Whether customers find the portal that the catalogue describes.
  private func portalFinding(_ catalogue: Catalogue, _ context: Context) async -> Finding {
    do {
      let state = try await PortalState.load(
        catalogue, returnURL: try context.portalAddress(nil, catalogue), from: context.client())
      guard state.found != nil else {
        return .fault(.noPortal, "the customer portal is not configured")
      }
      let differences = PortalPlanning.differences(state)
      guard differences.isEmpty else {
        return .warning(
          .otherPortal, "the customer portal differs: \(differences.joined(separator: ", "))")
      }
      return .ok("portal", "as the catalogue says")
    } catch {
      return Self.unread("portal", error)
    }
  }

  /// What a restricted key may not read is not known; any other error keeps one from going live.
  private static func unread(_ check: String, _ error: any Error) -> Finding {
    error.isForbidden ? .warning(check, error) : .fault(check, error)
  }

  // MARK: What was done before

  private func receiptFinding(_ store: Store?, _ context: Context) -> Finding {
    guard let last = try? store?.read({ try $0.lastVerifiedEvent() }) else {
      return .warning(.nothingReceived, "no verified webhook has come in yet")
    }
    return .ok("webhook_received", "the last one at \(Cell(time: JSON(last)).text)")
  }

  private func backupFinding(_ store: Store?, _ context: Context) -> Finding {
    guard let last = try? store?.lastBackup() else {
      return .fault(.noBackup, "the database was never backed up")
    }
    let age = context.world.now() - last
    guard age <= Self.backupLifeSeconds else {
      return .warning(.oldBackup, "the last one is \(Self.span(age)) old")
    }
    return .ok("backup", "the last one at \(Cell(time: JSON(last)).text)")
  }
}
