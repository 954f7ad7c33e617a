import Basics
import BillingCore
import Stripe
import StripeSandbox

extension Context {
  /// The state database, opened at first use, stamped with the mode of this run, and with the
  /// sandbox's events taken in.
  func store() throws -> Store {
    try connections.store {
      let store = try Store.open(at: settings.databasePath, now: storeClock())
      // Whoever writes what Stripe says has read the catalogue, for the plans.
      store.setOutbox { [weak connections] in
        connections?.readCatalogue?.notifications == nil ? [] : Notification.occurrences
      }
      if settings.isSandbox {
        try store.requireMode(.sandbox)
        try checkSandbox(store)
        try takeInSandboxEvents(store)
      } else if let key = try? key() {
        try store.requireMode(key.mode == .live ? .live : .test)
      }
      if store.isReadOnly {
        warn("\(shown(settings.databasePath)) can only be read; what Stripe says is not kept")
      }
      return store
    }
  }

  private func storeClock() throws -> @Sendable () -> Timestamp {
    guard settings.isSandbox else { return world.now }
    let sandbox = try sandbox()
    let systemTime = world.now
    return { (try? sandbox.now()) ?? systemTime() }
  }

  /// Hands the sandbox's events over: before a command what happened meanwhile, after it what the
  /// command itself brought about.
  func takeInSandboxEvents(_ store: Store) throws {
    guard settings.isSandbox, !store.isReadOnly else { return }
    let (cursorName, batchSize) = ("sandbox", 500)
    let sandbox = try sandbox()
    let inbox = Inbox(store: store, mirror: mirror())
    while true {
      let last = try store.read { try $0.cursor(cursorName) }.flatMap { Int64($0) } ?? 0
      let events = try sandbox.events(after: last, limit: batchSize)
      guard let newest = events.last?.sequence else { return }
      _ = try inbox.take(events.map { try IncomingEvent($0.body, verdict: .trusted) }) {
        try $0.setCursor(cursorName, to: "\(newest)")
      }
    }
  }

  /// Called when a command is over, whatever became of it. What cannot be taken in now is taken in
  /// before the next command.
  func finish() {
    guard let store = connections.openedStore else { return }
    do {
      try takeInSandboxEvents(store)
    } catch {
      warn("the sandbox's events were not taken in: \(CommandError(explaining: error).message)")
    }
  }

  /// The door to the mirror, with the plans as the catalogue names them where there is one.
  func mirror() -> StripeMirror {
    (try? catalogue().mirror)
      ?? StripeMirror(planOfPrice: { _ in nil }, externalIDKeys: Catalogue.defaultExternalIDKeys)
  }

  /// Stripe and the mirror together. The first use of a key asks for its account.
  func gateway() async throws -> StripeGateway {
    let (client, store) = (try client(), try store())
    try await checkAccount(client, store)
    return StripeGateway(
      client: client, store: store, mirror: mirror(), prices: connections.prices)
  }

  /// Another sandbox's file beside this database would be another account, with events of its own.
  private func checkSandbox(_ store: Store) throws {
    let (account, key) = (try sandbox().accountID(), try key().secret)
    guard try !store.knowsAccount(ofKey: key, at: account) else { return }
    try store.requireAccount(account, key: key, at: account)
  }

  private func checkAccount(_ client: StripeClient, _ store: Store) async throws {
    guard !settings.isSandbox else { return }
    let key = try key().secret
    let server = client.configuration.baseURL
    guard !store.isReadOnly, try !store.knowsAccount(ofKey: key, at: server) else { return }
    do {
      let answer = try await client.send(StripeRequest(.get, StripePath("account")))
      if let account = answer.json["id"]?.string {
        try store.requireAccount(account, key: key, at: server)
      }
    } catch StripeError.refused(let refusal) where refusal.status == 403 {
      // A restricted key may not read the account; doctor tells.
    }
  }

  func runner() async throws -> OperationRunner {
    OperationRunner(
      gateway: try await gateway(), actor: settings.actor, now: try storeClock(),
      makeToken: world.makeToken)
  }

  /// To be called before a change is planned: settles what the same command left open with the same
  /// customer, and tells the operation whose result this run has to show, if there is one. A dry
  /// run settles nothing.
  func settleEarlier(_ intent: OperationIntent) async throws -> OperationRunner.EarlierWork {
    guard !settings.isDryRun else { return .init(result: nil, journalPosition: nil) }
    return try await runner().settleEarlier(intent, key: settings.idempotencyKey)
  }

  /// Runs a plan under the key of this run, if one was given.
  func carryOut(_ plan: OperationPlan) async throws -> OperationRunner.Outcome {
    do {
      return try await runner().run(plan, key: settings.idempotencyKey)
    } catch OperationError.failed(let id, let error) {
      for left in try store().read({ try $0.operation(id) })?.error?.left ?? [] {
        warn("\(left) was made by this and stays: it has a subscription or a payment method by now")
      }
      throw OperationError.failed(operationID: id, error)
    }
  }

  /// The ids of the active prices that the mirror knows, by lookup key; none where there is no
  /// database yet, and none is made for it.
  func knownPriceIDs() throws -> [String: String] {
    guard Files.exists(settings.databasePath) else { return [:] }
    return try store().read { try $0.activePriceIDs() }
  }

  // MARK: Customers

  /// Finds customers at Stripe, or in the mirror with `--local`.
  func directory() async throws -> CustomerDirectory {
    CustomerDirectory(
      store: try store(), mirror: mirror(),
      gateway: settings.readsLocally ? nil : try await gateway(),
      externalIDKeys: try externalIDKeys())
  }

  /// Finds customers in the mirror: for commands that read nothing else.
  func localDirectory() throws -> CustomerDirectory {
    CustomerDirectory(
      store: try store(), mirror: mirror(), gateway: nil,
      externalIDKeys: try externalIDKeys())
  }

  /// A customer's subscriptions, ended ones included, the newest first.
  func subscriptions(of customerID: String) async throws -> [Subscription] {
    if settings.readsLocally { return try localSubscriptions(of: customerID) }
    let gateway = try await gateway()
    let found = try await gateway.list(
      StripePath("subscriptions"),
      [
        "customer": .string(customerID), "status": "all",
        "expand": gateway.client.configuration.expandingDiscounts(inLists: true),
      ])
    var subscriptions: [Subscription] = []
    for json in found.objects { subscriptions.append(try await gateway.subscription(json)) }
    return subscriptions
  }

  func localSubscriptions(of customerID: String) throws -> [Subscription] {
    try store().read { transaction in
      try transaction.subscriptions(ofCustomer: customerID).compactMap { row in
        try transaction.subscriptionJSON(row.id).map { try Subscription($0) }
      }
    }
  }
}

extension StripeClient.Configuration {
  /// The parameter `expand` of a read of subscriptions: their discounts, and the schedule that tells
  /// what change is pending.
  func expandingDiscounts(inLists: Bool = false) -> JSON {
    .array((discountExpansions + ["schedule"]).map { .string(inLists ? "data.\($0)" : $0) })
  }
}

extension Arguments {
  /// The customer that the next word names.
  mutating func customer(_ name: String = "CUSTOMER") throws(UsageError) -> CustomerReference {
    let word = try positional(name)
    guard let reference = CustomerReference(word) else {
      throw error("\(name) must be an id (cus_…), an e-mail address or an id of yours")
    }
    return reference
  }

  /// The customer that the next word names, where there is one.
  mutating func optionalCustomer() throws(UsageError) -> CustomerReference? {
    guard let word = optionalPositional("CUSTOMER") else { return nil }
    guard let reference = CustomerReference(word) else {
      throw error("CUSTOMER must be an id (cus_…), an e-mail address or an id of yours")
    }
    return reference
  }

  /// `--limit N`, `--all` for no limit; 100 without either.
  func listLimit() throws(UsageError) -> Int? {
    let limit = try integer("--limit", in: 1...100_000)
    guard flag("--all") else { return Int(limit ?? 100) }
    guard limit == nil else { throw error("--limit and --all exclude each other") }
    return nil
  }
}

extension Parameter {
  static let customer = required(
    "CUSTOMER", "An id (cus_…), an e-mail address, or an id of your own")
  static let limits = [
    option("--limit", "N", "At most N (default 100)"),
    flag("--all", "All of them"),
  ]
}
