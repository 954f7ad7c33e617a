import Basics
import Foundation
import Stripe
import Synchronization

@testable import billing

/// A world of its own for one test: a fresh folder, a clock that stands, tokens that count, streams
/// in memory. Nothing real is reached; a request that nobody scripted is an error.
final class TestWorld: Sendable {
  static let start = Timestamp(1_795_168_800)  // 2026-11-20T10:00:00Z

  let directory: String
  let clock = Mutex(TestWorld.start)
  /// What was mailed.
  let mailbox = Mailbox()
  private let tokens = Mutex(0)
  private let uptime = Mutex<Int64>(0)

  init() throws {
    directory = NSTemporaryDirectory() + "billing-test-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// Goes on where another world stands: with copies of its files, and from its tokens.
  func takeOver(_ other: TestWorld) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: other.directory) {
      try FileManager.default.copyItem(
        atPath: other.directory + "/" + name, toPath: directory + "/" + name)
    }
    let count = other.tokens.withLock { $0 }
    tokens.withLock { $0 = count }
  }

  /// What one run did.
  struct Result: Equatable {
    var exit: ExitCode
    var output: String
    var errors: String
  }

  func run(
    _ words: [String], environment: [String: String] = [:], input: String = "",
    terminal: World.Terminal = World.Terminal(), transport: (any Transport)? = nil
  ) async -> Result {
    let output = MemoryOutput()
    let errors = MemoryOutput()
    var world = world(environment: environment, input: input, output: output, errors: errors)
    world.terminal = terminal
    if let transport { world.makeTransport = { transport } }
    let exit = await Billing.run(words, in: world)
    return Result(exit: exit, output: output.text, errors: errors.text)
  }

  func run(
    _ line: String, environment: [String: String] = [:], input: String = "",
    terminal: World.Terminal = World.Terminal(), transport: (any Transport)? = nil
  ) async -> Result {
    await run(
      line.split(separator: " ").map { String($0) }, environment: environment, input: input,
      terminal: terminal, transport: transport)
  }

  func world(
    environment: [String: String] = [:], input: String = "",
    output: any TextOutput = MemoryOutput(), errors: any TextOutput = MemoryOutput()
  ) -> World {
    let mailbox = mailbox
    return World(
      directory: directory, environment: environment, input: MemoryInput(input), output: output,
      errors: errors, now: { self.clock.withLock { $0 } },
      uptimeMilliseconds: { self.uptime.withLock { $0 } },
      makeToken: { self.token(length: $0) }, actor: "ada@laptop",
      makeTransport: { ScriptedTransport([]) }, makeMailTransport: { _ in mailbox },
      freeBytes: { _ in 40_000_000_000 })
  }

  func context(
    _ options: String = "", environment: [String: String] = [:],
    output: any TextOutput = MemoryOutput(), errors: any TextOutput = MemoryOutput(),
    terminal: World.Terminal = World.Terminal(), input: String = ""
  ) throws -> Context {
    var world = world(environment: environment, input: input, output: output, errors: errors)
    world.terminal = terminal
    let words = options.split(separator: " ").map { String($0) }
    let arguments = try Arguments(words, parameters: GlobalOptions.parameters, command: "")
    return try Context(world, GlobalOptions(parsing: arguments))
  }

  func write(_ text: String, to path: String, mode: Int = 0o600) throws {
    let path = directory + "/" + path
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  func remove(_ path: String) throws {
    try FileManager.default.removeItem(atPath: directory + "/" + path)
  }

  func text(of path: String) throws -> String {
    try String(contentsOfFile: directory + "/" + path, encoding: .utf8)
  }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: directory + "/" + path)
  }

  func tick(_ seconds: Int64 = 1) { clock.withLock { $0 = $0 + seconds } }
  func pass(milliseconds: Int64) { uptime.withLock { $0 += milliseconds } }

  /// `AAAAAAAAAAA001`, `AAAAAAAAAAA002` …: sorted as they were made, as long as asked for.
  private func token(length: Int) -> String {
    let count = tokens.withLock { count in
      count += 1
      return count
    }
    let digits = String(count)
    let padding = max(0, max(3, digits.count) - digits.count)
    let number = String(repeating: "0", count: padding) + digits
    return String(repeating: "A", count: max(0, length - number.count)) + number.suffix(length)
  }
}

/// The repository, for fixtures: three folders above this file.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
