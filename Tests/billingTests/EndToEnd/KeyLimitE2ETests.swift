import Basics
import Foundation
import Stripe
import Testing

@testable import billing

/// Many programs ask at once, and no more is let through than may be.
@Suite(.tags(.e2e)) struct KeyLimitE2ETests {
  /// Of a customer on a test clock, so that the minute is over when the test says so and not when
  /// the machine is slow.
  @Test func eightProcessesAtOnceGetExactlyTheLimit() async throws {
    let shop = try await Shop("coditect")
    let clock = try await shop.call(
      .post, "test_helpers", "test_clocks",
      parameters: ["frozen_time": .integer(TestWorld.start.seconds)])
    let id = clock["id"]?.string ?? "-"
    let customer = try await shop.json("customer create --email ada@example.com --test-clock \(id)")
    let key = try await shop.json("apikey create \(customer["id"]?.string ?? "-")")
    let program = Executable(directory: shop.world.directory)
    var exits: [Int32: Int] = [:]
    for _ in 1...3 {
      let started = try (0..<8).map { _ in try verify(key["key"]?.string ?? "-", program) }
      for process in started {
        process.waitUntilExit()
        exits[process.terminationStatus, default: 0] += 1
      }
    }
    #expect(exits == [0: 10, 3: 14])
    let refused = try await shop.verify(key["key"]?.string ?? "-")
    #expect(refused["reason"] == "rate_limited" && refused["quota"]?["remaining"] == 90)
  }

  private func verify(_ key: String, _ program: Executable) throws -> Process {
    let input = Pipe()
    let process = try program.start(
      ["--sandbox", "--quiet", "apikey", "verify"], output: FileHandle.nullDevice,
      errors: FileHandle.nullDevice, input: input)
    try input.fileHandleForWriting.write(contentsOf: Data(key.utf8))
    try input.fileHandleForWriting.close()
    return process
  }
}
