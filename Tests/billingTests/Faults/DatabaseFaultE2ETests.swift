import Basics
import Foundation
import Testing

@testable import billing

/// A state database that is not what it should be: it is refused untouched, before a request.
@Suite(.tags(.e2e)) struct DatabaseFaultE2ETests {
  private let bench: FaultBench
  private let write = "customer create --email ada@example.com"

  init() throws { bench = try FaultBench(isSeeded: false) }

  private var path: String { bench.world.directory + "/billing.db" }

  private func bytes() throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  /// Runs a reading and a writing command: both are refused, nothing is sent, not a byte changes.
  private func expectRefusal(_ code: String, _ message: String, _ options: String = "") throws {
    let before = try bytes()
    for line in [write, "customer list", "customer list --local", "recover"] {
      let sent = bench.server.requests.count
      let result = try bench.run("\(line) \(options)")
      #expect(result.failure == FaultBench.Failure(exit: 8, code: code), "\(result.errors)")
      let said = result.error?["message"]?.string ?? ""
      #expect(said.contains(message), "\(said)")
      #expect(bench.server.requests.count == sent)
    }
    #expect(try bytes() == before)
  }

  @Test func anotherMode() throws {
    var sandbox = bench
    sandbox.program.environment = [:]
    #expect(try sandbox.run("\(write) --db billing.db --sandbox").exit == 0)
    try expectRefusal(
      "wrong_mode", "billing.db belongs to sandbox mode, and this run is in test mode")
  }

  @Test func zeroBytes() throws {
    try bench.world.write("", to: "billing.db")
    try expectRefusal("invalid_database", "is an empty file; it was not touched")
  }

  @Test func noDatabaseAtAll() throws {
    try bench.world.write(String(repeating: "Dear diary, ", count: 100), to: "billing.db")
    try expectRefusal("invalid_database", "is not a database; it was not touched")
  }

  @Test func anotherProgramsAndANewerOne() throws {
    #expect(try bench.run("customer list").exit == 0)
    let own = try bytes()
    var other = own
    other.replaceSubrange(68..<72, with: [1, 2, 3, 4])
    try other.write(to: URL(filePath: path))
    try expectRefusal("invalid_database", "is another program's database; it was not touched")
    var newer = own
    newer.replaceSubrange(60..<64, with: [0, 0, 3, 231])
    try newer.write(to: URL(filePath: path))
    try expectRefusal("database_version", "has schema 999")
  }

  /// Pages that were overwritten: found out, not trapped over, and nothing sent.
  @Test func aDamagedOne() throws {
    #expect(try bench.run("customer list").exit == 0)
    var damaged = try bytes()
    damaged.replaceSubrange(
      100..<damaged.count, with: Data(repeating: 0xA5, count: damaged.count - 100))
    try damaged.write(to: URL(filePath: path))
    try expectRefusal("invalid_database", "is damaged")
  }

  /// Cut off in the middle, as a full disk or a broken copy leaves it.
  @Test func aTruncatedOne() throws {
    #expect(try bench.run("customer list").exit == 0)
    try bytes().prefix(5000).write(to: URL(filePath: path))
    try expectRefusal("invalid_database", "is damaged")
  }

  /// Another user's file in another user's folder. Root ignores modes, so another user runs it.
  @Test(.enabled(if: getuid() == 0 && Files.exists("/usr/bin/setpriv")))
  func aReadOnlyOne() throws {
    #expect(try bench.run(write).exit == 0)
    let manager = FileManager.default
    try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bench.world.directory)
    for name in try manager.contentsOfDirectory(atPath: bench.world.directory) {
      try manager.setAttributes(
        [.posixPermissions: 0o644], ofItemAtPath: bench.world.directory + "/" + name)
    }
    let before = try bytes()
    let warning =
      "warning: billing.db can only be read; what Stripe says is not kept"

    let local = try runAsNobody("customer list --local")
    #expect(local.exit == 0, "\(local.errors)")
    #expect(local.json?["data"]?.array?.count == 1)
    let read = try runAsNobody("customer list")
    #expect(read.exit == 0, "\(read.errors)")
    #expect(read.json?["data"]?.array?.count == 1)
    #expect(read.errors.contains(warning))

    let sent = bench.server.requests.count
    for line in [
      "customer create --email eve@example.com", "customer update ada@example.com --name Ada",
      "customer delete ada@example.com --yes", "subscribe ada@example.com starter",
      "cancel ada@example.com", "resume ada@example.com",
    ] {
      let refused = try runAsNobody(line)
      #expect(
        refused.failure == FaultBench.Failure(exit: 8, code: "invalid_database"), "\(line)")
      #expect(
        refused.error?["message"]?.string?.hasSuffix(
          "can only be read, and this command has to write to it") == true)
    }
    #expect(bench.server.requests.count == sent)
    #expect(try bytes() == before)
    #expect(!bench.world.exists("billing.db-wal") && !bench.world.exists("billing.db-shm"))
  }

  /// The program as the user `nobody`, who may read and not write here.
  private func runAsNobody(_ line: String) throws -> FaultBench.Result {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/setpriv")
    process.arguments =
      ["--reuid=65534", "--regid=65534", "--clear-groups", Executable.path]
      + line.split(separator: " ").map { String($0) } + ["--json", "--max-retries", "0"]
    process.currentDirectoryURL = URL(filePath: bench.world.directory)
    process.environment = bench.program.environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return bench.finish((process, output, errors))
  }
}
