import Basics
import Testing

@testable import Stripe

@Suite(.tags(.unit)) struct StripeClientTests {
  typealias Answer = ScriptedTransport.Answer

  private static let ok = Answer.answer(200, #"{"id":"cus_1"}"#)
  private static let post = StripeRequest(.post, StripePath("customers"), ["email": "a@b.c"])
  private static let get = StripeRequest(.get, StripePath("customers", "cus_1"))
  private static let delete = StripeRequest(.delete, StripePath("customers", "cus_1"))

  private func configuration() throws -> StripeClient.Configuration {
    StripeClient.Configuration(
      key: try StripeKey(parsing: "sk_test_51HabcDEFghiJKL"), sleep: { _ in }, jitter: { 1 },
      now: { 0 })
  }

  /// Plays a script and returns the error in which the request ended, and what was sent.
  private func failure(
    _ request: StripeRequest, _ answers: [Answer]
  ) async throws -> (error: StripeError?, sent: [HTTPRequest]) {
    let configuration = try configuration()
    return await ScriptedTransport.play(answers) { transport in
      let client = StripeClient(transport: transport, configuration: configuration)
      do throws(StripeError) {
        _ = try await client.send(request)
        return (nil, transport.requests)
      } catch {
        return (error, transport.requests)
      }
    }
  }

  // MARK: On the wire

  @Test func sendsAPost() async throws {
    let key = try #require(IdempotencyKey("key-1"))
    let request = StripeRequest(
      .post, StripePath("customers"), ["email": "a@b.c", "metadata": ["x": "1"]],
      idempotencyKey: key)
    let sent = try await failure(request, [Self.ok]).sent
    #expect(
      sent == [
        HTTPRequest(
          method: .post, url: "https://api.stripe.com/v1/customers",
          headers: [
            "Authorization": "Bearer sk_test_51HabcDEFghiJKL",
            "Stripe-Version": "2026-10-28.endive",
            "User-Agent": "billing/0.1",
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Idempotency-Key": "key-1",
          ], body: Array("email=a%40b.c&metadata[x]=1".utf8), timeoutSeconds: 80)
      ])
  }

  @Test(arguments: [HTTPMethod.get, .delete]) func sendsParametersInTheQuery(
    _ method: HTTPMethod
  ) async throws {
    let request = StripeRequest(method, StripePath("customers"), ["limit": 3])
    let sent = try await failure(request, [Self.ok]).sent
    #expect(sent.map { $0.url } == ["https://api.stripe.com/v1/customers?limit=3"])
    #expect(sent.first?.body == [])
    #expect(sent.first?.headers["Idempotency-Key"] == nil)
    #expect(sent.first?.headers["Content-Type"] == nil)
  }

  @Test func sendsWithoutAKey() async throws {
    try await ScriptedTransport.play([Self.ok]) { transport in
      let client = StripeClient(
        transport: transport,
        configuration: StripeClient.Configuration(baseURL: "http://127.0.0.1:12111/"))
      _ = try await client.send(Self.get)
      #expect(transport.requests.first?.url == "http://127.0.0.1:12111/v1/customers/cus_1")
      #expect(transport.requests.first?.headers["Authorization"] == nil)
    }
  }

  @Test func readsTheAnswer() async throws {
    let configuration = try configuration()
    let answer = Answer.answer(
      200, #"{"id":"cus_1"}"#,
      [
        "request-id": "req_1", "Date": "Sat, 21 Nov 2026 10:00:00 GMT",
        "idempotent-replayed": "true",
      ])
    let response = try await ScriptedTransport.play([answer]) { transport in
      try await StripeClient(transport: transport, configuration: configuration).send(Self.post)
    }
    #expect(response.json == ["id": "cus_1"])
    #expect(response.requestID == "req_1")
    #expect(response.date == Timestamp(parsing: "2026-11-21T10:00:00Z"))
    #expect(response.isReplay)
  }

  @Test(arguments: [
    ("http://api.stripe.com", StripeError.invalidRequest(.insecureBase)),
    ("http://127.0.0.1@evil.com", .notReached(badBase)),
    ("file:///etc/passwd", .notReached(badBase)),
  ])
  func refusesABase(_ baseURL: String, _ error: StripeError) async throws {
    var configuration = try configuration()
    configuration.baseURL = baseURL
    await ScriptedTransport.play([]) { [configuration] transport in
      let client = StripeClient(transport: transport, configuration: configuration)
      await #expect(throws: error) { _ = try await client.send(Self.get) }
    }
  }

  private static let badBase = TransportError(
    kind: .badURL, mayHaveReachedServer: false,
    detail: "the base address is not of the form https://HOST or https://HOST:PORT")

  @Test(arguments: ["", ".."]) func refusesAPath(_ id: String) async throws {
    let request = StripeRequest(.delete, StripePath("customers", id))
    #expect(try await failure(request, []).error == .invalidRequest(.path))
  }

  // MARK: Attempts

  @Test func repeatsTheVerySameRequest() async throws {
    let answers = [
      Answer.failure(.refused, sent: false), .answer(500, "<html>"), Self.ok,
    ]
    let (error, sent) = try await failure(Self.post, answers)
    #expect(error == nil)
    #expect(sent.count == 3)
    #expect(Set(sent).count == 1)
    #expect(sent[0].headers["Idempotency-Key"]?.count == 32)
  }

  @Test func waitsBetweenAttempts() async throws {
    let waits = Recorder<Double>()
    var configuration = try configuration()
    configuration.sleep = { waits.add($0) }
    configuration.maxRetries = 4
    let answers: [Answer] = [
      .answer(500, ""), .answer(503, "", ["Retry-After": "7"]),
      .answer(
        503, "",
        [
          "Retry-After": "Sat, 21 Nov 2026 10:00:09 GMT", "Date": "Sat, 21 Nov 2026 10:00:00 GMT",
        ]),
      .answer(503, "", ["Retry-After": "soon"]), Self.ok,
    ]
    try await ScriptedTransport.play(answers) { [configuration] transport in
      _ = try await StripeClient(transport: transport, configuration: configuration)
        .send(Self.get)
    }
    #expect(waits.values == [0.5, 7, 9, 4])
  }

  @Test func keepsWithinTheRateLimitAndSlowsDown() async throws {
    let waits = Recorder<Double>()
    var configuration = try configuration()
    configuration.sleep = { waits.add($0) }
    configuration.rateLimit = 10
    try await ScriptedTransport.play([.answer(429, ""), Self.ok, Self.ok]) {
      [configuration] transport in
      let client = StripeClient(transport: transport, configuration: configuration)
      _ = try await client.send(Self.get)
      _ = try await client.send(Self.get)
    }
    // The back-off, and then places in a line that moves at half the pace.
    #expect(waits.values == [0.5, 0.2, 0.4])
  }

  // MARK: What became of it

  private static let refused = Answer.failure(.refused, sent: false)
  private static let cut = Answer.failure(.cut, sent: true)
  private static let timeout = Answer.failure(.timeout, sent: true)
  private static let limited = Answer.error(429, code: "rate_limit")
  private static let html = Answer.answer(500, "<html>", ["Request-Id": "req_5"])
  private static let keyInUse = Answer.error(409, code: "idempotency_key_in_use")

  private static func refusal(_ status: Int, _ code: String) -> StripeError.Refusal {
    StripeError.Refusal(
      status: status, type: "invalid_request_error", code: code, message: "no")
  }

  private static let serverFailed = StripeError.Failure(
    status: 500, detail: "the server failed (500)", requestID: "req_5")
  private static let wasCut = StripeError.Failure(detail: "cut")
  private static let timedOut = StripeError.Failure(detail: "timeout", isTimeout: true)
  private static let notReached = TransportError(
    kind: .refused, mayHaveReachedServer: false, detail: "refused")

  @Test(
    arguments: [
      ([.error(400, code: "x")], .refused(refusal(400, "x"))),
      ([.error(404, code: "resource_missing")], .refused(refusal(404, "resource_missing"))),
      ([refused, refused, refused], .notReached(notReached)),
      (
        [.failure(.tls, sent: false)],
        .notReached(TransportError(kind: .tls, mayHaveReachedServer: false, detail: "tls"))
      ),
      ([limited, limited, limited], .rateLimited(refusal(429, "rate_limit"))),
      ([refused, limited, limited], .rateLimited(refusal(429, "rate_limit"))),
      ([html, html, html], .outcomeUnknown(serverFailed)),
      ([cut, cut, cut], .outcomeUnknown(wasCut)),
      ([timeout, timeout, timeout], .outcomeUnknown(timedOut)),
      ([cut, refused, refused], .outcomeUnknown(wasCut)),
      ([cut, limited, limited], .outcomeUnknown(wasCut)),
      ([timeout, .failure(.tls, sent: false)], .outcomeUnknown(timedOut)),
      ([cut, .error(401, code: "x")], .outcomeUnknown(wasCut)),
      ([cut, .error(403, code: "x")], .outcomeUnknown(wasCut)),
      ([cut, .error(402, code: "card_declined")], .refused(refusal(402, "card_declined"))),
      ([cut, .error(400, code: "x")], .refused(refusal(400, "x"))),
      (
        [keyInUse, keyInUse, keyInUse],
        .outcomeUnknown(StripeError.Failure(status: 409, detail: "no"))
      ),
      (
        [.error(409, code: "lock_timeout", ["Stripe-Should-Retry": "false"])],
        .refused(refusal(409, "lock_timeout"))
      ),
      (
        [.answer(500, "", ["Idempotent-Replayed": "true", "Stripe-Should-Retry": "false"])],
        .outcomeUnknown(
          StripeError.Failure(status: 500, detail: "the server failed (500)", isReplay: true))
      ),
      (
        [.answer(200, "<html>")],
        .outcomeUnknown(
          StripeError.Failure(
            status: 200, detail: "the body of a 200 is no JSON: unexpected character, byte 0"))
      ),
      (
        [.answer(200, #"{"id":"cus"#)],
        .outcomeUnknown(
          StripeError.Failure(
            status: 200, detail: "the body of a 200 is no JSON: the text ends too early, byte 10"))
      ),
      (
        [.answer(200, "[]")],
        .outcomeUnknown(
          StripeError.Failure(status: 200, detail: "the body of a 200 is no JSON object"))
      ),
      (
        [.answer(302, "", ["Location": "https://evil.com"])],
        .refused(
          StripeError.Refusal(
            status: 302, type: "api_error",
            message: "the server redirects elsewhere (302), which is not followed"))
      ),
    ] as [([Answer], StripeError)])
  func endsAPost(_ answers: [Answer], _ error: StripeError) async throws {
    #expect(try await failure(Self.post, answers).error == error)
  }

  @Test(
    arguments: [
      ([cut, .error(404, code: "resource_missing")], .outcomeUnknown(wasCut)),
      ([.error(404, code: "resource_missing")], .refused(refusal(404, "resource_missing"))),
      ([refused, .error(404, code: "x")], .refused(refusal(404, "x"))),
    ] as [([Answer], StripeError)])
  func endsADelete(_ answers: [Answer], _ error: StripeError) async throws {
    #expect(try await failure(Self.delete, answers).error == error)
  }

  @Test(
    arguments: [
      ([html, html, html], .noAnswer(serverFailed)),
      ([cut, cut, timeout], .noAnswer(timedOut)),
      ([cut, refused, refused], .notReached(notReached)),
      ([cut, limited, limited], .rateLimited(refusal(429, "rate_limit"))),
      ([cut, .error(404, code: "x")], .refused(refusal(404, "x"))),
      (
        [.answer(200, "")],
        .noAnswer(
          StripeError.Failure(
            status: 200, detail: "the body of a 200 is no JSON: the text ends too early, byte 0"))
      ),
      (
        [.failure(.responseTooLarge, sent: true)],
        .noAnswer(StripeError.Failure(detail: "responseTooLarge"))
      ),
    ] as [([Answer], StripeError)])
  func endsAGet(_ answers: [Answer], _ error: StripeError) async throws {
    #expect(try await failure(Self.get, answers).error == error)
  }

  // MARK: Cancellation

  /// The task is canceled while the client waits for its next attempt.
  private func canceledInThePause(
    _ request: StripeRequest, after answer: Answer
  ) async throws -> StripeError? {
    var configuration = try configuration()
    configuration.sleep = { _ in throw CancellationError() }
    return await ScriptedTransport.play([answer]) { [configuration] transport in
      let client = StripeClient(transport: transport, configuration: configuration)
      do throws(StripeError) {
        _ = try await client.send(request)
        return nil
      } catch {
        return error
      }
    }
  }

  private static let canceled = StripeError.notReached(
    TransportError(
      kind: .canceled, mayHaveReachedServer: false,
      detail: "the request was canceled before it was sent"))

  @Test func cancellationBetweenAttempts() async throws {
    #expect(
      try await canceledInThePause(Self.post, after: Self.cut) == .outcomeUnknown(Self.wasCut))
    #expect(try await canceledInThePause(Self.post, after: Self.refused) == Self.canceled)
    #expect(try await canceledInThePause(Self.get, after: Self.cut) == Self.canceled)
  }

  @Test func cancellationInFlight() async throws {
    let canceled = Answer.failure(.canceled, sent: true)
    let failure = StripeError.Failure(detail: "canceled")
    #expect(try await self.failure(Self.post, [canceled]).error == .outcomeUnknown(failure))
    #expect(try await self.failure(Self.get, [canceled]).error == .noAnswer(failure))
  }

  @Test func cancellationBeforeTheStart() async throws {
    let (gate, open) = AsyncStream<Void>.makeStream()
    let configuration = try configuration()
    await ScriptedTransport.play([]) { transport in
      let task = Task {
        for await _ in gate {}
        let client = StripeClient(transport: transport, configuration: configuration)
        await #expect(throws: Self.canceled) { _ = try await client.send(Self.post) }
      }
      task.cancel()
      open.finish()
      await task.value
    }
  }

  @Test func theRealClockAndSleep() async throws {
    let configuration = StripeClient.Configuration()
    #expect((0.5...1).contains(configuration.jitter()))
    let start = configuration.now()
    try await configuration.sleep(0)
    #expect(configuration.now() >= start)
    await #expect(throws: CancellationError.self) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await configuration.sleep(3600) }
        group.cancelAll()
        try await group.waitForAll()
      }
    }
  }

  // MARK: What is told

  @Test func logsEachAttempt() async throws {
    let log = Recorder<RequestLog>()
    let times = Recorder<Double>()
    var configuration = try configuration()
    configuration.log = { log.add($0) }
    configuration.now = {
      times.add(0)
      return Double(times.values.count) * 0.25
    }
    let answers = [Self.refused, .answer(200, "{}", ["Request-Id": "req_9"])]
    try await ScriptedTransport.play(answers) { [configuration] transport in
      _ = try await StripeClient(transport: transport, configuration: configuration)
        .send(StripeRequest(.get, StripePath("customers"), ["email": "a@b.c"]))
    }
    #expect(
      log.values == [
        RequestLog(
          method: .get, path: "/v1/customers", failure: .refused, milliseconds: 250, attempt: 1),
        RequestLog(
          method: .get, path: "/v1/customers", status: 200, milliseconds: 250, requestID: "req_9",
          attempt: 2),
      ])
  }

  @Test func neverTellsTheKey() async throws {
    let key = "sk_test_51HabcDEFghiJKL"
    let told = Recorder<String>()
    var configuration = try configuration()
    configuration.notice = { told.add($0) }
    configuration.log = { told.add("\($0)") }
    let body = #"{"error":{"message":"echo \#(key)"}}"#
    let answers: [Answer] = [.answer(400, body, ["Stripe-Notice": "you sent \(key)"])]
    await ScriptedTransport.play(answers) { [configuration] transport in
      let client = StripeClient(transport: transport, configuration: configuration)
      do throws(StripeError) {
        _ = try await client.send(Self.get)
      } catch {
        told.add("\(error)")
      }
    }
    #expect(told.values.first == "you sent sk_test_****iJKL")
    #expect(told.values.count == 3)
    #expect(told.values.allSatisfy { !$0.contains("51Habc") })
    #expect(!"\(configuration)".contains("51Habc"))
  }
}
