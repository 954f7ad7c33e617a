import Basics
import Foundation
import Stripe
import Testing

@testable import billing

/// Files that are none, and secrets without end.
@Suite(.tags(.unit)) struct WebhookSurprisesTests {
  private static let secret = "whsec_one"
  private let world: TestWorld

  init() throws { world = try TestWorld() }

  private func envelope(_ number: Int) -> String {
    let event: JSON = [
      "id": .string("evt_\(number)"), "object": "event", "type": "customer.created",
      "created": 1_795_168_000, "livemode": false,
      "data": [
        "object": [
          "id": .string("cus_\(number)"), "object": "customer", "created": 1, "livemode": false,
        ]
      ],
    ]
    let signature = WebhookSignature.sign(
      payload: Array(event.compact.utf8), secret: Secret(Self.secret), at: TestWorld.start)
    let envelope: JSON = [
      "payload": .string(event.compact), "headers": ["Stripe-Signature": .string(signature)],
    ]
    return envelope.compact + "\n"
  }

  private func replay(_ words: String) async -> TestWorld.Result {
    await world.run(
      "webhook replay \(words) --json", environment: ["STRIPE_WEBHOOK_SECRET": Self.secret])
  }

  /// A pipe, as `<(…)` of a shell is one: it is looked at first and read then, and opened once.
  @Test func aPipeIsReadWhole() async throws {
    let path = world.directory + "/pipe"
    try #require(mkfifo(path, 0o600) == 0)
    let lines = (1...3).map { envelope($0) }.joined()
    Thread.detachNewThread { try? lines.write(toFile: path, atomically: false, encoding: .utf8) }
    let result = await replay("pipe")
    #expect(result.exit == .done, "\(result.errors)")
    let summary = try JSON(parsing: result.output)
    #expect(summary["read"] == 3 && summary["verified"] == 3)
  }

  /// In a folder nobody waits for a pipe, and a device has no end.
  @Test func whatIsNoFileInAFolderIsPassedOver() async throws {
    let folder = world.directory + "/events"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try world.write(envelope(1), to: "events/a.json")
    try #require(mkfifo(folder + "/b.json", 0o600) == 0)
    for (name, target) in [("c.json", "/dev/zero"), ("d.json", "/nonexistent")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/" + name, withDestinationPath: target)
    }
    let result = await replay("events")
    #expect(result.exit == .done)
    #expect(
      result.errors == "note: events: passed over 3 names that are no .json or .jsonl file\n")
    #expect(try JSON(parsing: result.output)["read"] == 1)
  }

  /// Each secret is tried on each event that comes, also on those of strangers.
  @Test func secretsWithoutEndAreRefused() async throws {
    try world.write(envelope(1), to: "a.json")
    let secrets = (1...21).map { "whsec_\($0)" }
    let refused = await world.run(
      "webhook replay a.json --json",
      environment: ["STRIPE_WEBHOOK_SECRET": secrets.joined(separator: ",")])
    #expect(
      try Shop.words(of: refused) == """
        8 invalid_env: STRIPE_WEBHOOK_SECRET has 21 secrets, and each costs time with each event; \
        keep the new one and the old one; 20 are the most
        """)
    let taken = await world.run(
      "webhook replay a.json --json",
      environment: [
        "STRIPE_WEBHOOK_SECRET": (secrets.prefix(19) + [Self.secret]).joined(separator: ",")
      ])
    #expect(taken.exit == .done, "\(taken.errors)")
  }
}
