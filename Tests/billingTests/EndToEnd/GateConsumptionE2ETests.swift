import Basics
import Foundation
import Testing

@testable import billing

/// Many processes that ask at once: none is let through too many, and none is lost.
@Suite(.tags(.e2e)) struct GateConsumptionE2ETests {
  private static let processes = 8
  private static let attempts = 12

  /// Eight shells that each ask twelve times.
  private func allowed(_ feature: String, in world: TestWorld) throws -> Int {
    let script = """
      for i in $(seq \(Self.attempts)); do
        "$0" --sandbox --quiet gate check ada@example.com \(feature) --consume 1 --json
        status=$?; [ $status = 0 ] || [ $status = 3 ] || echo "failed: $status"
      done
      """
    let running = try (1...Self.processes).map { _ in
      let (process, output) = (Process(), Pipe())
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", script, Executable.path]
      process.currentDirectoryURL = URL(fileURLWithPath: world.directory)
      process.environment = [:]
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = output
      try process.run()
      return (process, output)
    }
    var count = 0
    for (process, output) in running {
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(!text.contains("failed"), "\(text.suffix(200))")
      count += text.components(separatedBy: "\"allowed\": true").count - 1
    }
    return count
  }

  @Test(arguments: ["ai_requests", "projects"])
  func eightProcessesTakeWhatThereIs(_ feature: String) async throws {
    let shop = try await Shop("coditect", seeds: false)
    _ = try await shop.json("customer create --email ada@example.com")
    _ = try await shop.json("entitlement set ada@example.com \(feature) 40 --note x")
    #expect(try allowed(feature, in: shop.world) == 40)
    // By the same clock as the eight.
    let result = try Executable(directory: shop.world.directory)
      .run("--sandbox --quiet gate check ada@example.com \(feature) --json")
    #expect(result.status == 3)
    let decision = try JSON(parsing: result.output)
    #expect(decision["used"] == 40 && decision["remaining"] == 0)
  }
}
