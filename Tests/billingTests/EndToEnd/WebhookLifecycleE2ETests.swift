import Basics
import BillingCore
import Foundation
import Stripe
import Testing

@testable import billing

/// The sandbox's server beside the listener, both as processes: a shop's month is driven over HTTP,
/// its webhooks come twice, in another order or not at all, and in the end nothing is missing.
@Suite(.tags(.e2e)) struct WebhookLifecycleE2ETests {
  private static let key = "sk_test_neverseen42"

  private let world: TestWorld
  private let program: Executable

  init() throws {
    world = try TestWorld()
    program = Executable(
      directory: world.directory, environment: ["STRIPE_WEBHOOK_SECRET": "whsec_neverseen42"])
    let plans = "\(Repository.root)/fixtures/plans/agnostic.yaml"
    try world.write(String(contentsOfFile: plans, encoding: .utf8), to: "plans.yaml")
  }

  /// A server that runs until it is let go.
  private final class Running {
    let process: Process
    let address: String

    init(_ words: [String], _ program: Executable) throws {
      let output = Pipe()
      process = try program.start(words, output: output, errors: FileHandle.nullDevice)
      let line = try JSON(parsing: Array(output.fileHandleForReading.availableData))
      address = try #require(line["listening"]?.string)
    }

    func stop() -> Int32 {
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
      return process.terminationStatus
    }

    deinit { kill(process.processIdentifier, SIGKILL) }
  }

  /// What strikes deliveries, and of which types.
  private static let faults = [
    "drop_event --path invoice.paid --count 2",
    "drop_event --path customer.subscription.updated --count 2",
    "drop_event --path customer.deleted",
    "duplicate_event --path customer.* --count 6", "duplicate_event --path invoice.* --count 4",
    "reorder_events --path customer.subscription.* --count 3",
    "reorder_events --path invoice.* --count 3",
  ]
  private static let (dropped, doubled) = (5, 10)

  private static let life = [
    "plans seed",
    "subscribe ada@example.com team --create --payment-method pm_card_visa --trial-days 7",
    "subscribe bob@example.com team --create --payment-method pm_card_visa",
    "upgrade bob@example.com enterprise", "customer update ada@example.com --name Ada",
    "cancel ada@example.com", "resume ada@example.com",
    "downgrade bob@example.com team", "resume bob@example.com",
  ]
  private static let end = [
    "cancel ada@example.com --now --yes", "cancel bob@example.com",
    "customer create --email eve@example.com", "customer delete eve@example.com --yes",
  ]

  @Test func whatIsLostOnTheWayIsFetched() async throws {
    let listener = try Running(["webhook", "listen", "--port", "0", "--quiet"], program)
    let stripe = try Running(
      [
        "sandbox", "serve", "--port", "0", "--quiet", "--webhook",
        "\(listener.address)/webhooks/stripe",
      ], program)
    for fault in Self.faults { try succeed("sandbox fault add \(fault)") }
    for line in Self.life { try shop(line, at: stripe) }
    try succeed("sandbox advance 8d")
    for line in Self.end { try shop(line, at: stripe) }

    let happened = try await eventCount(stripe)
    #expect(happened > 60)
    try await wait(for: listener) { counts in
      counts["processed_total", default: 0] + counts["ignored_total", default: 0]
        == happened - Self.dropped
        && counts["duplicates_total", default: 0] >= Self.doubled
    }
    #expect(listener.stop() == 0)
    let before = try store().read { try $0.eventCounts() }
    #expect(before["failed"] == nil && before["pending"] == nil)
    #expect(try await drift(stripe) != [])

    let replay = try run("webhook replay --from-stripe", at: stripe)
    #expect(replay["read"] == JSON(happened))
    #expect(replay["processed"] == JSON(Self.dropped) && replay["failed"] == 0)
    #expect(try await drift(stripe) == [])
    #expect(stripe.stop() == 0)
  }

  // MARK: Driving

  private func succeed(_ line: String) throws {
    let result = try program.run(line)
    try #require(result.status == 0, "\(line): \(result.errors)")
  }

  /// Runs a command whose Stripe is a server, and which has a database of its own.
  private func shop(_ line: String, at stripe: Running) throws {
    _ = try run("\(line) --db shop.db", at: stripe)
  }

  private func run(_ line: String, at stripe: Running) throws -> JSON {
    var program = program
    program.environment["STRIPE_API_BASE"] = stripe.address
    program.environment["STRIPE_SECRET_KEY"] = Self.key
    let result = try program.run("\(line) --json")
    try #require(result.status == 0, "\(line): \(result.errors)")
    return try JSON(parsing: result.output)
  }

  // MARK: Looking

  private func store() throws -> BillingCore.Store {
    try Store.open(at: world.directory + "/billing.db", now: Timestamp.systemNow)
  }

  private func client(_ stripe: Running) throws -> StripeClient {
    StripeClient(
      transport: CurlTransport(),
      configuration: .init(
        key: try StripeKey(parsing: Self.key), baseURL: stripe.address, rateLimit: nil))
  }

  private func eventCount(_ stripe: Running) async throws -> Int {
    var count = 0
    for try await page in try client(stripe).pages(StripePath("events"), ["limit": 100]) {
      count += page.objects.count
    }
    return count
  }

  private func drift(_ stripe: Running) async throws -> [MirrorComparison.Difference] {
    try await MirrorComparison(
      client: client(stripe), store: store(), mirror: world.context("--quiet").mirror()
    ).differences()
  }

  /// Asks the listener how far it is until that is enough.
  private func wait(
    for listener: Running, until isEnough: ([String: Int]) -> Bool
  ) async throws {
    let transport = CurlTransport()
    let deadline = ContinuousClock.now + .seconds(120)
    var counts: [String: Int] = [:]
    repeat {
      let answer = try await transport.send(
        HTTPRequest(method: .get, url: "\(listener.address)/metrics", timeoutSeconds: 60))
      counts = Self.counts(in: String(decoding: answer.body, as: UTF8.self))
      if isEnough(counts) { return }
    } while ContinuousClock.now < deadline
    Issue.record("the listener is still at \(counts)")
  }

  /// `billing_webhook_processed_total 12`, by what stands between.
  private static func counts(in metrics: String) -> [String: Int] {
    let prefix = "billing_webhook_"
    return metrics.split(separator: "\n").reduce(into: [:]) { counts, line in
      let words = line.split(separator: " ")
      guard line.hasPrefix(prefix), words.count == 2, let value = Int(words[1]) else { return }
      counts[String(words[0].dropFirst(prefix.count))] = value
    }
  }
}
