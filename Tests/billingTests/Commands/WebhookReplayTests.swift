import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct WebhookReplayTests {
  let world: TestWorld
  init() throws { world = try TestWorld() }

  static let secret = "whsec_test"

  func event(
    _ id: String, _ type: String = "customer.updated", customer: String = "cus_1",
    name: String = "Ada", at created: Int64 = 1_795_168_700
  ) -> String {
    let object: JSON = [
      "id": .string(customer), "object": "customer", "created": 1_795_000_000,
      "email": "ada@example.com", "name": .string(name), "metadata": [:], "balance": 0,
      "livemode": false,
    ]
    let json: JSON = [
      "id": .string(id), "object": "event", "type": .string(type), "created": .integer(created),
      "livemode": false, "data": ["object": object],
    ]
    return json.compact
  }

  func envelope(_ payload: String, secret: String = secret) -> String {
    let signature = WebhookSignature.sign(
      payload: Array(payload.utf8), secret: Secret(secret), at: Timestamp(5))
    let json: JSON = [
      "payload": .string(payload), "headers": ["Stripe-Signature": .string(signature)],
    ]
    return json.compact
  }

  func run(
    _ line: String, input: String = "", secret: String? = secret
  ) async -> TestWorld.Result {
    await world.run(
      ["webhook", "replay", "--json", "--quiet"] + Session.words(of: line),
      environment: secret.map { ["STRIPE_WEBHOOK_SECRET": $0] } ?? [:], input: input)
  }

  /// The figures of a summary that are not zero: `read 2 processed 2`.
  func summary(_ line: String, input: String = "") async throws -> String {
    let result = await run(line, input: input)
    return try words(of: result)
  }

  func words(of result: TestWorld.Result) throws -> String {
    guard !result.output.isEmpty else { return try Shop.words(of: result) }
    let json = try JSON(parsing: result.output)
    #expect(
      json.object?.keys == [
        "read", "processed", "duplicates", "ignored", "failed", "skipped", "verified",
        "elapsed_seconds", "events_per_second",
      ])
    let figures = (json.object ?? [:]).filter { $0.value.integer ?? 0 > 0 }
      .map { "\($0.key) \($0.value.compact)" }
    return (figures + (result.exit == .done ? [] : ["exit \(result.exit.rawValue)"]))
      .joined(separator: " ")
  }

  func name(of customer: String) throws -> String? {
    try world.context("--quiet").store().read { try $0.customer(customer) }?.name
  }

  @Test func anEventHasItsEffectOnce() async throws {
    try world.write(event("evt_1") + "\n" + event("evt_2", "balance.available"), to: "a.jsonl")
    #expect(try await summary("a.jsonl --no-verify") == "read 2 processed 1 ignored 1")
    #expect(try name(of: "cus_1") == "Ada")
    #expect(try await summary("a.jsonl --no-verify") == "read 2 duplicates 2")
    #expect(try await summary("a.jsonl --no-verify --force") == "read 2 processed 1 ignored 1")
  }

  @Test func foldersAndStandardInputAreReadInTheirOrder() async throws {
    for (name, text) in [("a/2.json", "2"), ("a/b/1.jsonl", "3"), ("a/1.json", "1")] {
      try Files.makeFolder(world.directory + "/a/b")
      try world.write(event("evt_\(text)", name: text), to: name)
    }
    try world.write("no events", to: "a/README.md")
    #expect(
      try await summary("a - --no-verify", input: "[\(event("evt_4", name: "4"))]")
        == "read 4 processed 4")
    let kept = try world.context("--quiet").store().read {
      try $0.events(matching: EventFilter(), oldestFirst: true).map { $0.id }
    }
    #expect(kept == ["evt_1", "evt_2", "evt_3", "evt_4"])
  }

  // MARK: Signatures

  @Test func whatIsNotSignedIsRefusedBeforeAnythingIsApplied() async throws {
    try world.write(envelope(event("evt_1")), to: "1.json")
    try world.write(event("evt_2"), to: "2.json")
    let result = await run("1.json 2.json")
    #expect(
      try words(of: result)
        == "9 signature: 2.json is not signed; nothing was applied; "
        + "--no-verify takes the events as they are")
    #expect(
      try words(of: await run("1.json -", input: event("evt_3")))
        == "9 signature: standard input is not signed; nothing was applied; "
        + "--no-verify takes the events as they are")
    #expect(!world.exists("billing.db"))
  }

  @Test func amongSignedInputABadOneFails() async throws {
    let texts = [
      envelope(event("evt_1")), envelope(event("evt_2"), secret: "whsec_x"), event("evt_3"),
    ]
    try world.write(texts.joined(separator: "\n"), to: "a.jsonl")
    let result = await run("a.jsonl")
    #expect(try words(of: result) == "read 3 processed 1 failed 2 verified 1 exit 10")
    #expect(
      result.errors.split(separator: "\n").map { String($0) } == [
        "warning: a.jsonl:2: \(SignatureError.mismatch.rawValue)",
        "warning: a.jsonl:3: it is not signed",
        #"{"error":{"code":"partial","message":"2 of 3 events failed","#
          + #""hint":"STRIPE_WEBHOOK_SECRET must be the secret of the endpoint that got the events","#
          + #""exit":10}}"#,
      ])
    try world.write(texts[1], to: "bad.json")
    #expect(try words(of: await run("bad.json")) == "read 1 failed 1 exit 9")
  }

  @Test func oneFileWithItsHeader() async throws {
    let body = event("evt_1") + "\n"
    try world.write(body, to: "a.json")
    let header = WebhookSignature.sign(
      payload: Array(body.utf8), secret: Secret(Self.secret), at: Timestamp(5))
    #expect(try await summary("a.json --signature \(header)") == "read 1 processed 1 verified 1")
    #expect(
      try await summary("- --signature \(header)", input: body) == "read 1 duplicates 1 verified 1")
    #expect(try words(of: await run("a.json --signature t=5,v1=00")) == "read 1 failed 1 exit 9")
    let two = try words(of: await run("a.json a.json --signature \(header)"))
    #expect(two.hasPrefix("2 usage: ") && two.contains("--signature is for one file"), "\(two)")
  }

  @Test func withoutASecretNothingIsVerified() async throws {
    try world.write(envelope(event("evt_1")), to: "a.json")
    for line in ["a.json", "a.json --signature t=5,v1=00"] {
      #expect(
        try words(of: await run(line, secret: nil))
          == "8 missing_key: no signature can be verified without STRIPE_WEBHOOK_SECRET; set it to "
          + "the endpoint's secret, whsec_…, or take the events as they are with --no-verify")
    }
    #expect(try words(of: await run("a.json --no-verify", secret: nil)) == "read 1 processed 1")
  }

  // MARK: Which

  @Test(arguments: [
    ("--id evt_2 --id evt_3", "read 4 processed 2 skipped 2"),
    ("--type customer.*", "read 4 processed 3 skipped 1"),
    ("--customer cus_2", "read 4 processed 1 skipped 3"),
    ("--since 1795168701", "read 4 processed 1 skipped 3"),
    ("--until 1795168701", "read 4 processed 2 ignored 1 skipped 1"),
    ("--limit 2", "read 2 processed 2"),
    ("--type invoice.paid --limit 1", "read 4 skipped 4"),
  ])
  func onlyThoseThatAreMeant(options: String, summary: String) async throws {
    let events = [
      event("evt_1"), event("evt_2", customer: "cus_2"), event("evt_3", at: 1_795_168_701),
      event("evt_4", "balance.available"),
    ]
    try world.write(events.joined(separator: "\n"), to: "a.jsonl")
    #expect(try await self.summary("a.jsonl --no-verify \(options)") == summary)
  }

  @Test func whatIsPassedOverIsTold() async throws {
    let live = event("evt_2").replacing(#""livemode":false"#, with: #""livemode":true"#)
    try world.write("\(event("evt_1"))\n\(live)", to: "a.jsonl")
    let mixed = await world.run("webhook replay a.jsonl --no-verify --json")
    #expect(try JSON(parsing: mixed.output)["skipped"] == 1)
    #expect(mixed.errors == "note: 1 event is of the other mode, live or test, and passed over\n")
    try world.write("", to: "empty.json")
    let empty = await world.run("webhook replay empty.json --no-verify --json")
    #expect(empty.exit == .done && empty.errors == "note: no events were found\n")
  }

  @Test func aCustomerMayBeNamedByAddress() async throws {
    try world.write(event("evt_1"), to: "a.json")
    let unknown = await run("a.json --no-verify --customer ada@example.com")
    #expect(unknown.exit == .notFound)
    #expect(try await summary("a.json --no-verify") == "read 1 processed 1")
    #expect(
      try await summary("a.json --no-verify --customer ada@example.com") == "read 1 duplicates 1")
  }

  @Test(arguments: [
    ("", "say what is to be replayed: FILE, --from-stripe, --failed, --id or another filter"),
    (
      "a.json --type Invoice",
      "--type must be a type of events, in which * stands for anything, not 'Invoice'"
    ),
    ("a.json --no-verify --signature t=1", "--signature and --no-verify exclude each other"),
  ])
  func whatMakesNoSense(line: String, message: String) async throws {
    let words = try words(of: await run(line))
    #expect(words.hasPrefix("2 usage: ") && words.contains(message), "\(words)")
  }

  @Test func whatIsNotThere() async throws {
    #expect(try words(of: await run("a.json")) == "4 not_found: a.json: no such file")
    try Files.makeFolder(world.directory + "/empty")
    #expect(
      try words(of: await run("empty"))
        == "4 not_found: empty: no .json or .jsonl file is in it")
  }

  // MARK: Dry runs

  @Test func aDryRunTellsWhatEachEventWouldChange() async throws {
    try world.write(event("evt_1"), to: "1.json")
    let first = await run("1.json --no-verify --dry-run")
    #expect(!world.exists("billing.db"))
    let change = try JSON(parsing: first.output)[at: "changes", "0"]
    #expect(change?["object"] == "new")
    _ = try await summary("1.json --no-verify")
    try world.write(event("evt_2", name: "Grace", at: 1_795_168_800), to: "2.json")
    let second = await run("2.json --no-verify --dry-run")
    let report = try JSON(parsing: second.output)
    #expect(report.object?.keys == ContractTests.dryRun)
    #expect(
      report["changes"]?.compact
        == #"[{"event":"evt_2","type":"customer.updated","status":"processed","object_id":"cus_1","#
        + #""customer":"cus_1","object":"changed","changes":[{"path":"name","from":"Ada","#
        + #""to":"Grace"}],"transitions":[],"error":null}]"#)
    #expect(try name(of: "cus_1") == "Ada")
  }

  // MARK: Being stopped

  @Test func whatIsDoneIsKept() async throws {
    let events = (1...2000).map { event("evt_\($0)", customer: "cus_\($0)") + "\n" }.joined()
    try world.write(events, to: "a.jsonl")
    let run = Task { await self.run("a.jsonl --no-verify") }
    run.cancel()
    let stopped = await run.value
    #expect(stopped.exit == .interrupted)
    let read = try JSON(parsing: stopped.output)["read"]?.integer ?? 0
    #expect(try words(of: await self.run("a.jsonl --no-verify")).hasPrefix("read 2000"))
    let counts = try world.context("--quiet").store().read { try $0.eventCounts() }
    #expect(counts == ["processed": 2000] && read <= 2000)
  }

  @Test(arguments: [
    (0, 0, Int64?(1000), 0, "0% (0 events, 0/s)"),
    (20, 250, 1000, 1000, "25% (20 events, 20/s, 3 s left)"),
    (20, 1000, 1000, 1000, "100% (20 events, 20/s, 0 s left)"),
    (20, 250, nil, 2000, "(20 events, 10/s)"),
  ])
  func progressSaysHowLong(
    events: Int64, done: Int64, length: Int64?, milliseconds: Int64, text: String
  ) {
    #expect(
      ReplayProgress.figures(events: events, done: done, of: length, milliseconds: milliseconds)
        == text)
  }
}
