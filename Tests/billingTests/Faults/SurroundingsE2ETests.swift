import Basics
import Foundation
import Testing

@testable import billing

/// What a process is born into: keys that must not show, streams that are closed, no terminal.
@Suite(.tags(.e2e)) struct SurroundingsE2ETests {
  /// The key is in no output and in no file, whatever happens and whoever echoes it.
  @Test func theKeyIsNowhere() throws {
    let bench = try FaultBench()
    try bench.customer()
    bench.server.inject(.serverError, on: "POST /v1/customers")
    var said = ""
    for line in [
      "customer create --email eve@example.com --verbose", "recover --verbose",
      "subscribe ada@example.com starter --payment-method pm_card_visa --verbose",
      "subscribe ada@example.com starter --verbose --log-format json", "customer list", "doctor",
    ] {
      let result = try bench.run(line)
      said += result.output + result.errors
    }
    #expect(said.contains("/v1/customers"))
    let secret = "neverseen42"
    #expect(!said.contains(secret))
    for name in try FileManager.default.contentsOfDirectory(atPath: bench.world.directory) {
      let bytes = try Data(contentsOf: URL(filePath: bench.world.directory + "/" + name))
      #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
    }
  }

  /// The reader went away: the work is done, and the exit code is that of the work.
  @Test func aClosedOutput() throws {
    let bench = try FaultBench(isSeeded: false)
    for (email, status) in [("ada@example.com", 0), ("ada@example.com", 5)] as [(String, Int32)] {
      let (output, errors) = (Pipe(), Pipe())
      try output.fileHandleForReading.close()
      let process = try bench.program.start(
        ["customer", "create", "--email", email], output: output, errors: errors)
      _ = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == status)
    }
    #expect(try bench.objects("customers").count == 1)
    #expect(try bench.unsettled() == 0)
  }

  /// No terminal, no yes: refused before anything is sent.
  @Test(arguments: ["customer delete ada@example.com", "cancel ada@example.com --now"])
  func noTerminal(_ line: String) throws {
    let bench = try FaultBench(isSeeded: false)
    try bench.customer()
    let refused = try bench.run(line)
    #expect(refused.failure == FaultBench.Failure(exit: 2, code: "confirmation_required"))
    #expect(bench.server.requests == [])
    #expect(try bench.objects("customers").count == 1)
  }

  /// Neither HOME nor TERM nor PATH, and a terminal that is dumb: the same words, no colours.
  @Test(arguments: [[:], ["TERM": "dumb"], ["TERM": "dumb", "HOME": "/nonexistent"]])
  func aBareEnvironment(_ environment: [String: String]) throws {
    var bench = try FaultBench(isSeeded: false)
    bench.program.environment.merge(environment) { $1 }
    try bench.customer()
    let result = try bench.program.run("customer list")
    #expect(result.status == 0)
    #expect(result.output.contains("ada@example.com"))
    #expect(!result.output.contains("\u{1B}"))
    #expect(result.errors == "")
  }

  /// A name from outside cannot move the cursor, colour or break a line.
  @Test func namesWithEscapeSequences() throws {
    let bench = try FaultBench(isSeeded: false)
    let name = "%1B%5B31mEve%1B%5B2J%0AMallory%07%C2%9B5m%E2%80%AEevil"
    try bench.ask("POST", "/v1/customers", "email=eve@example.com&name=\(name)")
    for format in ["table", "csv", "json", "jsonl"] {
      let result = try bench.program.run("customer list --format \(format)")
      #expect(result.status == 0)
      #expect(result.output.contains("Mallory"))
      let controls = result.output.unicodeScalars.filter {
        ($0.value < 0x20 && $0 != "\n" && $0 != "\r") || (0x7F...0x9F).contains($0.value)
      }
      #expect(controls.isEmpty, "\(format): \(result.output.debugDescription)")
    }
    let shown = try bench.run("customer show eve@example.com")
    #expect(shown.json?["name"] == "\u{1B}[31mEve\u{1B}[2J\nMallory\u{7}\u{9B}5m\u{202E}evil")
  }
}
