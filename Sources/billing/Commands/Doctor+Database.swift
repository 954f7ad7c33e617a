import Basics
import BillingCore

/// What `doctor` finds in the database and the catalogue.
extension Doctor {
  /// What is under way for so long is not forgotten yet.
  private static let patienceSeconds: Int64 = 300
  /// After 24 hours Stripe does not repeat an answer any more.
  private static let keyLifeSeconds: Int64 = 23 * 3600

  /// The database, opened, where it can be.
  func databaseFinding(_ context: Context) -> (store: Store?, finding: Finding) {
    let path = context.settings.databasePath
    let name = context.shown(path)
    guard Files.exists(path) else { return (nil, .warning(.noDatabase, "there is no \(name) yet")) }
    do {
      let store = try Store.open(at: path, now: context.world.now)
      if let damage = try store.pageFaults(isQuick: true).first {
        return (nil, .fault(.damagedPages, "\(name) is damaged: \(damage)"))
      }
      return (store, try databaseFinding(store, name, context))
    } catch {
      return (nil, .fault("database", error))
    }
  }

  private func databaseFinding(
    _ store: Store, _ name: String, _ context: Context
  ) throws -> Finding {
    if let broken = try store.brokenReferences().first {
      return .fault(.brokenReferences, "rows of \(name) point at others that are gone: \(broken)")
    }
    let (wanted, stored) = (try? context.mode(), try store.mode())
    if let wanted, let stored, wanted != stored {
      return .fault(
        .otherMode, "\(name) belongs to \(stored) mode, and this run is in \(wanted) mode")
    }
    if store.isReadOnly { return .warning(.readOnlyDatabase, "\(name) can only be read") }
    return .ok("database", "\(name), \(stored.map { "\($0)" } ?? "unused") mode")
  }

  /// What stands in the database and what waits there.
  func storeFindings(_ store: Store, _ context: Context) -> [Finding] {
    do {
      let now = try context.now()
      return try store.read { transaction in
        let ledger = try Self.ledgerFinding(transaction)
        return (ledger.map { [$0] } ?? []) + [try operationsFinding(transaction, now)]
          + (try eventFindings(transaction)) + (try queueFindings(transaction, now, context))
      }
    } catch {
      return [.fault("database", error)]
    }
  }

  /// Whether the tokens add up; nothing where there are none.
  static func ledgerFinding(_ transaction: Transaction) throws -> Finding? {
    let audit = try transaction.tokenAudit()
    if !audit.differences.isEmpty { return .fault(.ledgerOff, "the tokens do not add up") }
    if !audit.uncredited.isEmpty { return .warning(.uncreditedTokens, audit.uncreditedWords) }
    guard audit.entries > 0 else { return nil }
    return .ok("ledger", "\(TokenView.words(audit.totals.balance)), and all of them add up")
  }

  // MARK: What waits

  private func operationsFinding(
    _ transaction: Transaction, _ now: Timestamp
  ) throws -> Finding {
    let open = try transaction.unsettledBacklog()
    guard let oldest = open.oldest else { return .ok("operations", "all are settled") }
    let age = now - oldest
    let words = Self.count(open.count, "operation is", "operations are")
    if age > Self.keyLifeSeconds {
      return .fault(.longUnsettled, "\(words) not settled, for \(Self.span(age))")
    }
    if age > Self.patienceSeconds {
      return .warning(.unsettled, "\(words) not settled, for \(Self.span(age))")
    }
    return .ok("operations", "\(words) under way")
  }

  private func eventFindings(_ transaction: Transaction) throws -> [Finding] {
    var findings: [Finding] = []
    let dead = try transaction.failedBacklog(isGivenUp: true)
    if dead.count > 0 {
      findings.append(
        .fault(.deadEvents, "\(Self.count(dead.count, "event was", "events were")) given up"))
    }
    let failing = try transaction.failedBacklog(isGivenUp: false)
    if failing.count > 0 {
      let words = Self.count(failing.count, "event", "events")
      findings.append(.warning(.failingEvents, "\(words) failed and will be tried again"))
    }
    let conflicts = try transaction.conflictBacklog()
    if conflicts.count > 0 {
      let words = Self.count(
        conflicts.count, "delivery contradicts a known event; it was",
        "deliveries contradict known events; they were")
      findings.append(.warning(.contradictions, "\(words) kept aside"))
    }
    return findings.isEmpty ? [.ok("events", "none has failed")] : findings
  }

  private func queueFindings(
    _ transaction: Transaction, _ now: Timestamp, _ context: Context
  ) throws -> [Finding] {
    var queues: [(Ailment, Backlog, String, String)] = [
      (
        .pendingEvents, try transaction.pendingBacklog(), "event waits to be applied",
        "events wait to be applied"
      ),
      (
        .undeliveredForwards, try transaction.forwardBacklog(), "event waits to be handed on",
        "events wait to be handed on"
      ),
      (
        .undelivered, try transaction.deliveryBacklog(isGivenUp: false),
        "message waits for a service", "messages wait for a service"
      ),
    ]
    if Self.notifies(context) {
      queues.append(
        (
          .unsentNotifications, try transaction.outboxBacklog(), "notification waits to be sent",
          "notifications wait to be sent"
        ))
    }
    var findings = queues.compactMap { ailment, backlog, one, many -> Finding? in
      guard let oldest = backlog.oldest, now - oldest > Self.patienceSeconds else { return nil }
      return .warning(
        ailment, "\(Self.count(backlog.count, one, many)), for \(Self.span(now - oldest))")
    }
    if findings.isEmpty { findings.append(.ok("queues", "nothing waits")) }
    let lost = try transaction.deliveryBacklog(isGivenUp: true).count
    if lost > 0 {
      let words = Self.count(lost, "message was", "messages were")
      findings.append(.warning(.givenUpDeliveries, "\(words) given up"))
    }
    return findings
  }

  /// Whether somebody is to hear of what stands in the outbox; the sandbox has nobody.
  private static func notifies(_ context: Context) -> Bool {
    !context.settings.isSandbox && (try? context.catalogue())?.notifications != nil
  }

  private static func count(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
  }

  /// `6 minutes`, `3 hours`, `12 days`.
  static func span(_ seconds: Int64) -> String {
    switch seconds {
    case ..<7200: "\(seconds / 60) minutes"
    case ..<172_800: "\(seconds / 3600) hours"
    default: "\(seconds / 86_400) days"
    }
  }

  // MARK: The catalogue

  func plansFinding(_ context: Context) -> Finding {
    let name = context.shown(context.settings.plansPath)
    do {
      let plans = try context.catalogue().plans.count
      return .ok("plans", "\(name) has \(plans) \(plans == 1 ? "plan" : "plans")")
    } catch CatalogueError.missing where !context.settings.namesPlans {
      return .warning(.noPlans, "there is no \(name) yet")
    } catch let error as CatalogueError {
      guard case .invalid = error else { return .fault("plans", error) }
      return .fault(.plansWithMistakes, error.explanation.message)
    } catch {
      var finding = Finding.fault("plans", error)
      finding.code = "invalid_plans"
      return finding
    }
  }

  /// Plans that have vanished under their customers, and what is not sold, one finding each.
  func sellingFindings(_ store: Store, _ context: Context) -> [Finding] {
    do {
      return try store.read { transaction in
        let catalogue = try? context.catalogue()
        let vanished = try catalogue.map { try transaction.vanishedPlans($0) } ?? []
        let words = vanished.map { VanishedPlanWords.of($0.planID, customers: $0.customers) }
        let frozen = try Freeze.Scope.allCases.compactMap { try transaction.freeze(of: $0) }
        return (words.isEmpty ? [] : [.fault(.vanishedPlans, words.joined(separator: "; "))])
          + frozen.map { .warning(.frozen, Freeze.Refusal(freeze: $0).explanation.message) }
      }
    } catch {
      return [.fault("database", error)]
    }
  }
}
