import Basics
import Foundation
import Testing

@testable import billing

/// What only the real program can show: exit codes of the process, streams, signals, no terminal.
@Suite(.tags(.e2e)) struct ExecutableE2ETests {
  private let world: TestWorld
  private let program: Executable

  init() throws {
    world = try TestWorld()
    program = Executable(directory: world.directory)
  }

  @Test func versionsAndExitCodes() throws {
    let version = "billing \(Billing.version) (Stripe API 2026-10-28.endive)\n"
    #expect(
      try program.run("version") == Executable.Result(status: 0, output: version, errors: ""))
    #expect(
      try program.run("verson")
        == Executable.Result(
          status: 2, output: "",
          errors:
            "error: unknown command 'verson'; did you mean billing version? see billing --help\n"))
    #expect(try program.run("doctor").status == 8)
  }

  /// An empty environment: no HOME, no PATH, no TERM, no user.
  @Test func anEmptyEnvironment() throws {
    #expect(try program.run("init").status == 0)
    let result = try program.run("--sandbox doctor --json")
    #expect(result.status == 0)
    #expect(result.errors == "note: using the built-in sandbox (stripe.sandbox.db), not Stripe\n")
  }

  @Test func aDumbTerminal() throws {
    var program = program
    program.environment = ["TERM": "dumb", "HOME": "/nonexistent"]
    let result = try program.run("--sandbox doctor")
    #expect(result.status == 0)
    #expect(!result.output.contains("\u{1B}"))
  }

  /// The reader went away: the work is done all the same, and the exit code says how it went.
  @Test func aClosedOutputDoesNotStopTheWork() throws {
    let (output, errors) = (Pipe(), Pipe())
    try output.fileHandleForReading.close()
    let process = try program.start(["init"], output: output, errors: errors)
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(process.terminationReason == .exit)
    #expect(text.isEmpty)
    #expect(world.exists("plans.yaml") && world.exists("billing.db"))
  }

  /// Started without any of the three, it prints into nothing, and not into what it opens.
  @Test func noStreamsAtAll() throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    let line = #"exec <&- >&- 2>&-; "$0" --sandbox init && "$0" --sandbox doctor"#
    shell.arguments = ["-c", line, Executable.path]
    shell.currentDirectoryURL = URL(fileURLWithPath: world.directory)
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    #expect(world.exists("plans.yaml") && world.exists("billing.sandbox.db"))
  }

  /// What was found out did not arrive, and that is no success; what was done is done.
  @Test(arguments: ["version", "--help", "init", "--sandbox plans list --json"])
  func aFullDisk(_ line: String) throws {
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    if line.hasPrefix("--sandbox") { _ = try program.run("init") }
    let errors = Pipe()
    let process = try program.start(
      line.split(separator: " ").map { String($0) }, output: full, errors: errors)
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 1)
    let message = "standard output could not be written: no space left on device"
    #expect(
      String(decoding: text, as: UTF8.self)
        == (line.hasSuffix("--json")
          ? #"{"error":{"code":"storage","message":"\#(message)","exit":1}}"# : "error: \(message)")
        + "\n")
    #expect(world.exists("plans.yaml") == (line != "version" && line != "--help"))
  }

  @Test func aFullDiskForBothStreamsDoesNotTrap() throws {
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    let process = try program.start(["version"], output: full, errors: full)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 1)
  }

  /// The error of the work itself wins over that of the output.
  @Test func aFullDiskAndAnotherFault() throws {
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    let process = try program.start(["doctor"], output: full, errors: Pipe())
    process.waitUntilExit()
    #expect(process.terminationStatus == 8)
  }

  /// A server that takes the connection and says nothing; the signal ends the wait.
  @Test(arguments: [(SIGINT, 130, "interrupted"), (SIGTERM, 143, "terminated")])
  func signals(_ signal: Int32, _ status: Int, _ word: String) throws {
    let listener = try SilentListener()
    var program = program
    program.environment = [
      "STRIPE_SECRET_KEY": "sk_test_abcdefghijkl",
      "STRIPE_API_BASE": "http://127.0.0.1:\(listener.port)",
    ]
    let (output, errors) = (Pipe(), Pipe())
    let process = try program.start(["doctor"], output: output, errors: errors)
    listener.waitForConnection()
    kill(process.processIdentifier, signal)
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    _ = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == Int32(status))
    #expect(
      String(decoding: text, as: UTF8.self) == "error: \(word); what is done is kept\n")
  }

  /// What another process does to the sandbox goes to the webhook of a server that runs.
  @Test func aServerDeliversWhatOthersDo() throws {
    let listener = try SilentListener()
    let output = Pipe()
    let server = try program.start(
      [
        "sandbox", "serve", "--port", "0", "--quiet", "--webhook",
        "http://127.0.0.1:\(listener.port)/hooks",
      ], output: output, errors: FileHandle.nullDevice)
    defer { kill(server.processIdentifier, SIGKILL) }
    let line = try JSON(parsing: Array(output.fileHandleForReading.availableData))
    #expect(line["listening"]?.string?.hasPrefix("http://127.0.0.1:") == true)
    #expect(line["webhook_secret"]?.string?.hasPrefix("whsec_") == true)
    let customer = try program.run("sandbox call post /v1/customers email=ada@example.com")
    #expect(customer.status == 0)
    listener.waitForConnection()
  }

  @Test func aKeyNeverShows() throws {
    var program = program
    program.environment = [
      "STRIPE_SECRET_KEY": "sk_test_neverseen123", "STRIPE_API_BASE": "http://127.0.0.1:9",
    ]
    let result = try program.run("doctor --verbose --max-retries 0 --json")
    #expect(result.status == 8)
    #expect(!(result.output + result.errors).contains("neverseen123"))
  }
}

/// A socket on a free port of this machine that is listened on and never answers.
final class SilentListener {
  private let socketDescriptor: Int32
  let port: UInt16

  init() throws {
    socketDescriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = socketDescriptor
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(isBound)
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(socketDescriptor) }

  /// Returns when someone has sent something, which is kept unanswered.
  func waitForConnection() {
    let connection = accept(socketDescriptor, nil, nil)
    var byte: UInt8 = 0
    _ = recv(connection, &byte, 1, 0)
  }
}
