import Basics
import BillingCore
import Foundation
import Testing

@testable import billing

/// A replay dies at any of its commits; the next one leaves what an undisturbed one leaves.
@Suite(.tags(.e2e)) struct ReplayKillE2ETests {
  /// How many events are handed over before it is seen that they are durable.
  private static let portion = 12

  /// The story in fixtures/events, a line each.
  private static func story() throws -> [String] {
    let folder = Repository.root + "/fixtures/events"
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .filter { $0.hasSuffix(".json") }
      .map { try JSON(parsing: Array(Data(contentsOf: URL(filePath: "\(folder)/\($0)")))).compact }
  }

  @Test func killedAtAnyCommitItLeavesNothingHalf() throws {
    let story = try Self.story()
    let undisturbed = try content(afterKillAt: nil, of: story)
    #expect(undisturbed.count > story.count)
    for portions in 0...(story.count / Self.portion - 1) {
      #expect(try content(afterKillAt: portions * Self.portion, of: story) == undisturbed)
    }
  }

  /// Half an event that was read is not taken for a whole one.
  @Test(arguments: [SIGINT, SIGTERM]) func stoppedWhileItWaitsItKeepsWhatIsDone(
    _ signal: Int32
  ) throws {
    let story = try Self.story()
    let world = try TestWorld()
    let store = try Store.open(at: world.directory + "/billing.db", now: { TestWorld.start })
    let (input, output, errors) = (Pipe(), Pipe(), Pipe())
    let process = try Executable(directory: world.directory).start(
      ["webhook", "replay", "-", "--no-verify", "--json"], output: output, errors: errors,
      input: input)
    let lines = story[..<Self.portion].map { $0 + "\n" }.joined()
    try input.fileHandleForWriting.write(contentsOf: Data((lines + "{\"id\":\"evt").utf8))
    let deadline = ContinuousClock.now + .seconds(60)
    var kept = 0
    while kept < Self.portion, ContinuousClock.now < deadline {
      kept = try store.read { try $0.eventCounts() }.values.reduce(0, +)
    }
    Foundation.kill(process.processIdentifier, signal)
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let told = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 128 + signal)
    let summary = try JSON(parsing: Array(text))
    #expect(summary["read"] == .integer(Int64(Self.portion)) && summary["failed"] == 0)
    #expect(!String(decoding: told, as: UTF8.self).contains("no JSON"))
    try input.fileHandleForWriting.close()
  }

  /// Everything that a store holds after a replay, which was killed first when so many events were
  /// durable and more were under way.
  private func content(afterKillAt durable: Int?, of story: [String]) throws -> [String] {
    let world = try TestWorld()
    let plans = "\(Repository.root)/fixtures/plans/agnostic.yaml"
    try world.write(String(contentsOfFile: plans, encoding: .utf8), to: "plans.yaml")
    try world.write(story.joined(separator: "\n"), to: "story.jsonl")
    let store = try Store.open(at: world.directory + "/billing.db", now: { TestWorld.start })
    let program = Executable(directory: world.directory)
    if let durable {
      try kill(program, at: durable, of: story, store)
      let kept = try store.read { try $0.eventCounts() }.values.reduce(0, +)
      #expect(kept >= durable)
    }
    let result = try program.run("webhook replay story.jsonl --no-verify --json")
    #expect(result.status == 0, "\(result.errors)")
    return try Self.content(of: store)
  }

  private func kill(
    _ program: Executable, at durable: Int, of story: [String], _ store: Store
  ) throws {
    let input = Pipe()
    let process = try program.start(
      ["webhook", "replay", "-", "--no-verify", "--json"], output: FileHandle.nullDevice,
      errors: FileHandle.nullDevice, input: input)
    let write = { (lines: ArraySlice<String>) in
      try input.fileHandleForWriting.write(
        contentsOf: Data(lines.map { $0 + "\n" }.joined().utf8))
    }
    for start in stride(from: 0, to: durable, by: Self.portion) {
      try write(story[start..<start + Self.portion])
      let deadline = ContinuousClock.now + .seconds(60)
      var kept = 0
      while kept < start + Self.portion, ContinuousClock.now < deadline {
        kept = try store.read { try $0.eventCounts() }.values.reduce(0, +)
      }
      try #require(kept == start + Self.portion)
    }
    try write(story[durable..<min(durable + Self.portion, story.count)])
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    try input.fileHandleForWriting.close()
  }

  /// What the store holds, but for when it was written.
  private static func content(of store: Store) throws -> [String] {
    try store.read { transaction in
      var lines: [String] = []
      for event in try transaction.events(matching: EventFilter(), oldestFirst: true) {
        let error = event.error ?? "-"
        lines.append("\(event.id) \(event.status.rawValue) \(event.attempts) \(error)")
      }
      for (type, _) in try transaction.objectCounts() {
        for id in try transaction.objectIDs(ofType: type) {
          lines.append("\(type) \(try transaction.objectJSON(id)?.compact ?? "-")")
        }
      }
      for var customer in try transaction.customers(limit: nil) {
        // A dictionary has an order of its own each time.
        lines.append("\(customer.metadata.sorted { $0.key < $1.key })")
        customer.metadata = [:]
        lines.append("\(customer)")
        lines += try transaction.subscriptions(ofCustomer: customer.id).map { "\($0)" }
        lines += try transaction.changes(ofCustomer: customer.id).map { "\($0)" }
        lines += try transaction.entitlements(ofCustomer: customer.id).map { "\($0)" }
      }
      return lines
    }
  }
}
