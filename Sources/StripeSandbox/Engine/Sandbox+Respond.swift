import Basics
import Synchronization

extension Sandbox {
  /// Answers one request, in one transaction. Never throws: a fault of ours is a 500 with Stripe's
  /// error body.
  package func respond(to request: SandboxRequest) -> SandboxResponse {
    var exchange = Exchange(
      requestID: "req_\(configuration.makeToken(14))",
      version: request.header("Stripe-Version") ?? APIVersion.current.description)
    let answer = answer(to: request, &exchange)
    return exchange.fault?.spoil(answer) ?? answer
  }

  private func answer(
    to request: SandboxRequest, _ exchange: inout Exchange
  ) -> SandboxResponse {
    do {
      if let page = try InvoicePage.answer(to: request, in: store) { return page }
      let prepared = try prepare(request)
      exchange.idempotencyKey = prepared.idempotencyKey
      return try withKey(prepared.idempotencyKey) {
        let waiting = try look()
        if waiting.hasFaults { exchange.fault = try fault(striking: prepared) }
        if let refusal = exchange.fault?.refusal(of: prepared) { throw refusal }
        try catchUp(waiting)
        let answered = try answer(prepared, &exchange)
        // The clock has got its target; who sent it there may expect it to have arrived.
        if prepared.match.template == SandboxClock.advancePath { try catchUp() }
        return answered
      }
    } catch let error as SandboxError {
      return response(error, exchange)
    } catch  where Store.isBusy(error) {
      return response(.locked, exchange)
    } catch {
      return response(.unexpected, exchange)
    }
  }
}

/// A request that was understood: what is left is to do it.
struct PreparedRequest {
  let match: Router.Match
  let path: String
  /// The version that it asks for; nil where the account's is meant.
  let version: APIVersion?
  let form: Form
  let idempotencyKey: String?
  /// The SHA-256 of what the idempotency key stands for.
  let fingerprint: String

  /// Method and path, which belong to an idempotency key.
  var endpoint: String { "\(match.method) \(path)" }
  var isRead: Bool { match.method == "GET" && match.operation?.writes != true }
}

/// What is known of an answer before its body.
struct Exchange {
  let requestID: String
  var version: String
  var idempotencyKey: String?
  /// The first request of a replay; else the request itself.
  var originalRequestID: String?
  var isReplay = false
  /// What goes wrong with this request, because somebody asked for it.
  var fault: Fault?
}

// MARK: Doing

extension Sandbox {
  private func answer(
    _ request: PreparedRequest, _ exchange: inout Exchange
  ) throws -> SandboxResponse {
    do {
      guard request.isRead else {
        return try store.write { try answer(request, &exchange, in: $0) }
      }
      return try store.read { try answer(request, &exchange, in: $0) }
    } catch let error where !(error is SandboxError) && !Store.isBusy(error) {
      return try keepFailure(request, exchange)
    }
  }

  private func answer(
    _ request: PreparedRequest, _ exchange: inout Exchange, in store: StoreTransaction
  ) throws -> SandboxResponse {
    let settings = try Settings(readFrom: store)
    clockOffsetSeconds.withLock { $0 = settings.clockOffsetSeconds }
    let now = configuration.systemTime() + settings.clockOffsetSeconds
    if let key = request.idempotencyKey {
      try store.forgetAnswers(before: now - KeptAnswer.lifetimeSeconds)
      if let kept = try store.keptAnswer(account: settings.accountID, key: key) {
        try kept.check(request, key: key)
        (exchange.isReplay, exchange.originalRequestID) = (true, kept.requestID)
        return response(status: kept.status, body: kept.body, exchange)
      }
    }
    let version = request.version ?? settings.apiVersion
    exchange.version = version.description
    let (operation, facts) = try operation(of: request, in: version)
    let parameters = try parameters(of: request, as: facts, in: version, store)
    let clock = try TestClocks.named(by: parameters, request.match.pathIDs, in: store)
    let call = Call(
      parameters: parameters, pathIDs: request.match.pathIDs, path: request.path,
      now: clock?.now ?? now, clock: clock?.id, requestID: exchange.requestID,
      idempotencyKey: request.idempotencyKey, settings: settings, registry: registry,
      store: store, makeToken: configuration.makeToken)
    call.version = version
    var (status, body) = try run(operation, call, returns: facts.returns)
    if exchange.fault?.kind == .apiErrorAfter {
      status = SandboxError.backend.status
      body = SandboxError.backend.body(requestID: exchange.requestID).compact
    }
    if let key = request.idempotencyKey {
      let answer = KeptAnswer(
        fingerprint: request.fingerprint, endpoint: request.endpoint, status: status,
        requestID: exchange.requestID, body: body)
      // An answer that moves the clock must not run out by that, or a retry would move it again.
      let moment = try max(now, SandboxClock.target(in: store) ?? now)
      try store.keep(answer, account: settings.accountID, key: key, now: moment)
    }
    return response(status: status, body: body, exchange)
  }

  /// What a request asks for, as far as its version has it.
  private func operation(
    of request: PreparedRequest, in version: APIVersion
  ) throws -> (Operation, OperationFacts) {
    let match = request.match
    guard let operation = match.operation,
      let facts = operation.facts ?? APIFacts.operation(method: match.method, path: match.template)
    else { throw SandboxError.notBuilt(request.endpoint) }
    guard operation.isOffered(in: version) else {
      throw SandboxError.unknownURL(method: match.method, path: request.path)
    }
    return (operation, VersionChanges.facts(of: operation.name, facts, in: version))
  }

  /// The parameters of a request: checked as its version declares them, in the words of the current
  /// one.
  private func parameters(
    of request: PreparedRequest, as facts: OperationFacts, in version: APIVersion,
    _ store: StoreTransaction
  ) throws -> JSONObject {
    let parameters = try ParameterCheck.typed(request.form, as: facts.parameters)
    let name = "\(request.match.method) \(request.match.template)"
    let old = OldRequest(pathIDs: request.match.pathIDs, store: store)
    return try VersionChanges.translated(parameters, of: name, from: version, old)
  }

  /// Runs the handler; an error that is to be kept, or that keeps its changes, becomes an answer.
  private func run(
    _ operation: Operation, _ call: Call, returns: String
  ) throws -> (status: Int, body: String) {
    var failure = SandboxError.unexpected
    do {
      let result = try call.store.atomically { () throws -> JSON? in
        do {
          return try render(try operation.run(call), operation, call, returns: returns)
        } catch let error as SandboxError where error.keepsChanges {
          failure = shown(error, call)
          return nil
        }
      }
      if let result { return (200, result.compact) }
    } catch let error as SandboxError {
      failure = shown(VersionChanges.translated(error, of: operation.name, to: call.version), call)
      guard failure.isKept else { throw failure }
    }
    return (failure.status, failure.body(requestID: call.requestID ?? "").compact)
  }

  /// What the caller sees of an error: the objects that it holds have the layout of its version.
  private func shown(_ error: SandboxError, _ call: Call) -> SandboxError {
    var error = error
    let rendering = Rendering(call: call, version: call.version)
    for (key, value) in error.extras { error.extras[key] = rendering.plain(value) }
    return error
  }

  /// What the caller sees of a handler's result, in the layout of its version.
  private func render(
    _ result: JSON, _ operation: Operation, _ call: Call, returns: String
  ) throws -> JSON {
    var paths = call.array("expand")?.compactMap { $0.string } ?? []
    var result = result
    if call.version < .basil, returns.hasPrefix("list:"), paths.contains(ListsAreCounted.path) {
      paths.removeAll { $0 == ListsAreCounted.path }
      result = try ListsAreCounted.counted(result, operation, call)
    }
    return try Rendering(call: call, version: call.version)
      .expanded(result, paths: paths, returns: returns)
  }

  /// Keeps a 500 under the request's key, as Stripe does: whether anything was done is unknown to
  /// the caller, and it must not be done again under this key.
  private func keepFailure(
    _ request: PreparedRequest, _ exchange: Exchange
  ) throws -> SandboxResponse {
    let body = SandboxError.unexpected.body(requestID: exchange.requestID).compact
    if let key = request.idempotencyKey {
      try? store.write { store in
        let settings = try Settings(readFrom: store)
        let answer = KeptAnswer(
          fingerprint: request.fingerprint, endpoint: request.endpoint,
          status: SandboxError.unexpected.status, requestID: exchange.requestID, body: body)
        let now = configuration.systemTime() + settings.clockOffsetSeconds
        try store.keep(answer, account: settings.accountID, key: key, now: now)
      }
    }
    return response(status: SandboxError.unexpected.status, body: body, exchange)
  }
}

// MARK: Answers

extension Sandbox {
  private func response(_ error: SandboxError, _ exchange: Exchange) -> SandboxResponse {
    // Stripe tells no id of a request that could not get a lock.
    let isUnnamed = error.code == SandboxError.locked.code
    let body = error.body(requestID: isUnnamed ? nil : exchange.requestID).compact
    var answer = response(status: error.status, body: body, exchange)
    if isUnnamed { answer.headers.removeAll { $0.name == "Request-Id" } }
    return answer
  }

  private func response(status: Int, body: String, _ exchange: Exchange) -> SandboxResponse {
    let now = configuration.systemTime() + clockOffsetSeconds.withLock { $0 }
    var headers: [(name: String, value: String)] = [
      ("Date", now.httpDate), ("Content-Type", "application/json"),
      ("Request-Id", exchange.requestID), ("Stripe-Version", exchange.version),
    ]
    if let key = exchange.idempotencyKey {
      headers.append(("Idempotency-Key", key))
      headers.append(("Original-Request", exchange.originalRequestID ?? exchange.requestID))
      if exchange.isReplay { headers.append(("Idempotent-Replayed", "true")) }
      if status == 200 || status == 402 { headers.append(("Stripe-Should-Retry", "false")) }
    }
    return SandboxResponse(status: status, headers: headers, body: Array(body.utf8))
  }
}
