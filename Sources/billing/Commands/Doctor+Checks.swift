import Basics
import BillingCore
import Stripe

/// The checks that `doctor` always makes.
extension Doctor {
  /// A difference that signatures still bear; beyond it every webhook is refused.
  static let toleratedSkewSeconds: Int64 = 300
  static let noticedSkewSeconds: Int64 = 30

  func keyFinding(_ context: Context) -> Finding {
    if context.settings.isSandbox { return .ok("key", "the sandbox needs none") }
    do {
      let key = try context.key()
      let kind = key.isRestricted ? "restricted key" : "secret key"
      return .ok("key", "\(kind) \(key.secret.redacted)")
    } catch {
      return .fault("key", error)
    }
  }

  func modeFinding(_ context: Context) throws -> Finding {
    switch try context.mode() {
    case .sandbox: .ok("mode", "sandbox: nothing leaves this machine")
    case .test: .ok("mode", "test: no real money")
    case .live where context.settings.allowsLive: .ok("mode", "live, and --live lets it write")
    case .live: .ok("mode", "live: real money; writes need --live")
    }
  }

  func versionFinding(_ context: Context) -> Finding {
    let version = context.settings.apiVersion
    guard version != Settings.builtForVersion else { return .ok("api_version", version) }
    return .warning(
      "api_version", "\(version) is not the one this program is built for",
      hint: "leave --api-version and STRIPE_API_VERSION out for \(Settings.builtForVersion)")
  }

  func webhookSecretFinding(_ context: Context) -> Finding {
    do {
      let secrets = try context.webhookSecrets()
      guard !secrets.isEmpty else {
        if context.settings.isSandbox {
          return .ok("webhook_secret", "the sandbox keeps one of its own")
        }
        return .warning(
          "webhook_secret", "not set: webhooks cannot be verified",
          hint: "set STRIPE_WEBHOOK_SECRET to the signing secret of your endpoint")
      }
      guard secrets.allSatisfy({ $0.reveal().hasPrefix("whsec_") }) else {
        return .warning(
          "webhook_secret", "does not look like a signing secret",
          hint: "it begins with whsec_; several are separated by commas")
      }
      return .ok("webhook_secret", secrets.count == 1 ? "set" : "\(secrets.count) are set")
    } catch {
      return .fault("webhook_secret", error)
    }
  }

  /// Whether Stripe answers to this key, and how far the clocks are apart.
  func stripeFindings(_ context: Context) async -> [Finding] {
    do {
      let response = try await context.client().send(StripeRequest(.get, StripePath("account")))
      let id = response.json["id"]?.string ?? "an account"
      var findings = [Finding.ok("stripe", "answers for \(id)")]
      if let date = response.date, !context.settings.isSandbox {
        findings.append(clockFinding(context.world.now(), date))
      } else if context.settings.isSandbox {
        findings.append(.ok("clock", "the sandbox is at \(try context.now())"))
      }
      return findings
    } catch StripeError.refused(let refusal) where refusal.status == 403 {
      return [
        .warning(
          "stripe", "answers, but this restricted key may not read the account",
          hint: "give it the permission to read accounts, so that databases are told apart")
      ]
    } catch {
      return [.fault("stripe", error)]
    }
  }

  func clockFinding(_ now: Timestamp, _ date: Timestamp) -> Finding {
    let skew = now - date
    let words =
      skew == 0 ? "agrees with Stripe's" : "\(abs(skew)) s \(skew > 0 ? "ahead" : "behind")"
    switch abs(skew) {
    case ...Self.noticedSkewSeconds: return .ok("clock", words)
    case ...Self.toleratedSkewSeconds:
      return .warning("clock", words, hint: "let NTP set this machine's clock")
    default:
      return .fault(
        "clock", "\(words): webhook signatures will be refused",
        hint: "let NTP set this machine's clock", code: "clock")
    }
  }

  func databaseFinding(_ context: Context) -> Finding {
    let path = context.settings.databasePath
    guard Files.exists(path) else {
      return .warning(
        "database", "there is no \(context.shown(path)) yet", hint: "billing init makes it")
    }
    do {
      let store = try Store.open(at: path, now: context.world.now)
      if let found = try store.pragma("quick_check"), found != "ok" {
        return .fault(
          "database", "\(context.shown(path)) is damaged: \(found)",
          hint: "restore it from a backup", code: "invalid_database")
      }
      let wanted = try? context.mode()
      let stored = try store.mode()
      if let wanted, let stored, wanted != stored {
        return .fault(
          "database",
          "\(context.shown(path)) belongs to \(stored) mode, and this run is in \(wanted) mode",
          hint: "use another file with --db", code: "wrong_mode")
      }
      if store.isReadOnly {
        return .warning("database", "\(context.shown(path)) can only be read")
      }
      return .ok("database", "\(context.shown(path)), \(stored.map { "\($0)" } ?? "unused") mode")
    } catch {
      return .fault("database", error)
    }
  }

  /// Whether the tokens add up; nothing where there are none.
  func ledgerFinding(_ context: Context) -> Finding? {
    let path = context.settings.databasePath
    guard Files.exists(path), let store = try? Store.open(at: path, now: context.world.now),
      let audit = try? store.read({ try $0.tokenAudit() })
    else { return nil }
    if !audit.differences.isEmpty {
      return .fault(
        "ledger", "the tokens do not add up", hint: "billing tokens audit says where",
        code: "drift")
    }
    if !audit.uncredited.isEmpty {
      return .warning("ledger", audit.uncreditedWords, hint: TokenAudit.uncreditedHint)
    }
    guard audit.entries > 0 else { return nil }
    return .ok("ledger", "\(TokenView.words(audit.totals.balance)), and all of them add up")
  }

  /// What is frozen, one finding each; a database that cannot be read is another check's business.
  func sellingFindings(_ context: Context) -> [Finding] {
    let path = context.settings.databasePath
    guard Files.exists(path), let store = try? Store.open(at: path, now: context.world.now),
      let frozen = try? store.read({ transaction in
        try Freeze.Scope.allCases.compactMap { try transaction.freeze(of: $0) }
      })
    else { return [] }
    return frozen.map { freeze in
      let refusal = Freeze.Refusal(freeze: freeze).explanation
      return .warning("selling", refusal.message, hint: refusal.hint)
    }
  }

  func plansFinding(_ context: Context) -> Finding {
    let name = context.shown(context.settings.plansPath)
    do {
      let catalogue = try context.catalogue()
      let plans = catalogue.plans.count
      return .ok("plans", "\(name) has \(plans) \(plans == 1 ? "plan" : "plans")")
    } catch CatalogueError.missing where !context.settings.namesPlans {
      return .warning("plans", "there is no \(name) yet", hint: "billing init writes one")
    } catch {
      var finding = Finding.fault("plans", error)
      finding.code = "invalid_plans"
      if case CatalogueError.invalid = error {
        finding.hint = "billing plans validate names each mistake and its place"
      }
      return finding
    }
  }

  /// Only where a plan has vanished under its customers: their gates end with exit 8.
  func vanishedPlansFinding(_ context: Context) -> Finding? {
    let path = context.settings.databasePath
    guard Files.exists(path), let catalogue = try? context.catalogue(),
      let store = try? Store.open(at: path, now: context.world.now),
      let vanished = try? store.read({ try $0.vanishedPlans(catalogue) }), !vanished.isEmpty
    else { return nil }
    return .fault(
      "vanished_plans",
      vanished.map { VanishedPlanWords.of($0.planID, customers: $0.customers) }
        .joined(separator: "; "),
      hint: VanishedPlanWords.hint, code: "invalid_plans")
  }
}
