import Basics
import BillingCore
import Foundation
import Stripe
import Testing

@testable import billing

/// The listener as a process: how it starts, what outlives it, how it ends.
@Suite(.tags(.e2e)) struct WebhookListenE2ETests {
  private static let secret = "whsec_neverseen42"

  private let world: TestWorld
  private let program: Executable

  init() throws {
    world = try TestWorld()
    program = Executable(
      directory: world.directory, environment: ["STRIPE_WEBHOOK_SECRET": Self.secret])
  }

  /// A listener that runs.
  private struct Running {
    let process: Process
    let port: Int
    let errors: Pipe

    /// How it ended, and what it said on standard error.
    func stop(_ signal: Int32) -> (status: Int32, errors: String) {
      kill(process.processIdentifier, signal)
      let text = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return (process.terminationStatus, String(decoding: text, as: UTF8.self))
    }
  }

  private func start(_ options: String = "") throws -> Running {
    let (output, errors) = (Pipe(), Pipe())
    let words = "webhook listen --port 0 \(options)".split(separator: " ").map { String($0) }
    let process = try program.start(words, output: output, errors: errors)
    let line = try JSON(parsing: Array(output.fileHandleForReading.availableData))
    let address = try #require(line["listening"]?.string)
    #expect(address.hasPrefix("http://127.0.0.1:"))
    let port = try #require(Int(address.dropFirst("http://127.0.0.1:".count)))
    return Running(process: process, port: port, errors: errors)
  }

  private func deliver(_ number: Int, port: Int) async throws -> Int {
    let event: JSON = [
      "id": .string("evt_\(number)"), "object": "event", "type": "customer.created",
      "created": 1_795_168_000, "livemode": false, "api_version": "2026-10-28.endive",
      "data": [
        "object": [
          "id": .string("cus_\(number)"), "object": "customer", "email": "ada@example.com",
          "created": 1_795_168_000, "livemode": false, "metadata": [:],
        ]
      ],
    ]
    let body = Array(event.compact.utf8)
    let signature = WebhookSignature.sign(
      payload: body, secret: Secret(Self.secret), at: Timestamp.systemNow())
    return try await CurlTransport().send(
      HTTPRequest(
        method: .post, url: "http://127.0.0.1:\(port)/webhooks/stripe",
        headers: ["Stripe-Signature": signature], body: body, timeoutSeconds: 60)
    ).status
  }

  private func counts() throws -> [String: Int] {
    let store = try Store.open(at: world.directory + "/billing.db", now: Timestamp.systemNow)
    return try store.read { try $0.eventCounts() }
  }

  @Test(arguments: [SIGTERM, SIGINT]) func itStopsWhenItIsTold(_ signal: Int32) async throws {
    let listener = try start("--verbose --log-format json")
    #expect(try await deliver(1, port: listener.port) == 200)
    let end = listener.stop(signal)
    #expect(end.status == 0)
    let line = try JSON(parsing: Array(end.errors.utf8))
    #expect(line["path"] == "/webhooks/stripe" && line["status"] == 200)
    #expect(line["event"] == "evt_1" && line["type"] == "customer.created")
    #expect(line["result"] == "kept")
    #expect(!end.errors.contains(Self.secret))
    #expect(try counts() == ["processed": 1])
  }

  /// What was answered with 200 is there after the worst end, and the next one goes on with it.
  @Test func whatWasAnsweredOutlivesAKill() async throws {
    let listener = try start()
    let port = listener.port
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 1...40 { group.addTask { try await deliver(number, port: port) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    _ = listener.stop(SIGKILL)
    #expect(statuses == Array(repeating: 200, count: 40))
    #expect(try counts().values.reduce(0, +) == 40)

    let next = try start()
    #expect(next.stop(SIGTERM).status == 0)
    #expect(try counts() == ["processed": 40])
  }
}
