import Basics
import BillingCore
import Foundation
import Stripe
import Testing

@testable import billing

/// An import of usage dies, or is told to stop, at any of its commits; the next one leaves what an
/// undisturbed one leaves.
@Suite(.tags(.e2e)) struct UsageImportKillE2ETests {
  @Test(arguments: UsageImportBench.Format.allCases)
  func killedAtAnyCommitItLosesAndDoublesNothing(_ format: UsageImportBench.Format) async throws {
    let base = try await UsageImportBench(format)
    let undisturbed = try UsageImportBench(copying: base).finish()
    #expect(undisturbed.counts == "0 44/4/0/0")
    for portions in 0...3 {
      let bench = try UsageImportBench(copying: base)
      let process = try bench.start(portions: portions)
      // More is under way when it dies.
      try bench.write(portion: portions)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      #expect(process.terminationReason == .uncaughtSignal)
      try bench.input.fileHandleForWriting.close()
      let kept = try bench.stored()
      #expect(kept >= bench.events(inPortions: portions))
      let (counts, content) = try bench.finish()
      #expect(counts == "0 \(44 - kept)/\(4 + kept)/0/0")
      #expect(content == undisturbed.content)
    }
  }

  /// What a killed import did not finish goes with the next one; what another one is still writing
  /// stays.
  @Test func theRejectsOfAKilledImportDoNotStay() async throws {
    let bench = try await UsageImportBench(.lines)
    let options = ["--rejects", "rejects.jsonl"]
    let process = try bench.start(portions: 1, options: options)
    try bench.writeABadLine()
    let unfinished = try bench.files("rejects.jsonl.")
    #expect(unfinished.count == 1)
    #expect(try bench.importABadLine(options: options.joined(separator: " ")) == 10)
    #expect(try bench.files("rejects.jsonl") == ["rejects.jsonl"] + unfinished)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try bench.input.fileHandleForWriting.close()
    #expect(try bench.files("rejects.jsonl.") == unfinished)
    #expect(try bench.importABadLine(options: options.joined(separator: " ")) == 10)
    #expect(try bench.files("rejects.jsonl") == ["rejects.jsonl"])
  }

  /// Half a line that was read is not taken for a whole one.
  @Test(arguments: UsageImportBench.Format.allCases, [SIGINT, SIGTERM])
  func stoppedItKeepsWhatIsDone(
    _ format: UsageImportBench.Format, _ signal: Int32
  ) async throws {
    // As shells tell it: 130 and 143.
    let exit = 128 + signal
    let base = try await UsageImportBench(format)
    let undisturbed = try UsageImportBench(copying: base).finish()
    let bench = try UsageImportBench(copying: base)
    let process = try bench.start(portions: 2)
    try bench.writeHalfALine()
    kill(process.processIdentifier, signal)
    let output = bench.output.fileHandleForReading.readDataToEndOfFile()
    let errors = bench.errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == exit)
    let summary = try JSON(parsing: Array(output))
    #expect(summary["read"] == 24 && summary["accepted"] == 22 && summary["duplicates"] == 2)
    let error = try JSON(parsing: Array(errors))["error"]
    #expect(
      error?["code"] == "interrupted" && error?["exit"] == .integer(Int64(exit)),
      "\(String(decoding: errors, as: UTF8.self))")
    #expect(try bench.stored() == 22)
    let (counts, content) = try bench.finish()
    #expect(counts == "0 22/26/0/0")
    #expect(content == undisturbed.content)
  }
}

/// A customer on a test clock, so that no event grows old; usage in portions of lines, some of them
/// twice; and the program that reads it from standard input.
struct UsageImportBench {
  enum Format: Sendable, CaseIterable { case lines, csv }

  private static let (portion, count) = (12, 48)

  let input = Pipe()
  let output = Pipe()
  let errors = Pipe()
  private let shop: Shop
  private let store: Store
  private let customerID: String
  private let format: Format

  init(_ format: Format) async throws {
    let shop = try await Shop("coditect", seeds: false)
    let clock = try await shop.call(
      .post, "test_helpers", "test_clocks",
      parameters: ["frozen_time": .integer(TestWorld.start.seconds)])
    let id = clock["id"]?.string ?? "-"
    let customer = try await shop.json("customer create --email ada@example.com --test-clock \(id)")
    try self.init(shop, customerID: customer["id"]?.string ?? "-", format)
  }

  init(copying other: UsageImportBench) throws {
    try self.init(other.fresh(), customerID: other.customerID, other.format)
  }

  private init(_ shop: Shop, customerID: String, _ format: Format) throws {
    (self.shop, self.customerID, self.format) = (shop, customerID, format)
    store = try Store.open(
      at: shop.world.directory + "/billing.sandbox.db", now: { TestWorld.start })
  }

  /// The customer, and none of its usage.
  private func fresh() throws -> Shop { try Shop(copying: shop) }

  // MARK: The usage

  /// Each tenth line is one that stands before it.
  private func number(ofLine line: Int) -> Int { line % 10 == 8 ? line - 5 : line }

  private func line(_ line: Int) -> String {
    let number = number(ofLine: line)
    let meter = number.isMultiple(of: 3) ? "storage_mb" : "ai_requests"
    let at = TestWorld.start.seconds - Int64(number * 18_000)
    let (quantity, status) = (1000 + number * 37, number.isMultiple(of: 4) ? 500 : 200)
    return switch format {
    case .csv: "r\(number),\(customerID),\(meter),\(quantity),\(at),/v1/\(number % 5),\(status)\n"
    case .lines:
      """
      {"id":"r\(number)","customer":"\(customerID)","meter":"\(meter)","quantity":\(quantity),\
      "timestamp":\(at),"endpoint":"/v1/\(number % 5)","status_code":\(status)}

      """
    }
  }

  private var header: String {
    format == .csv ? "id,customer,meter,quantity,timestamp,endpoint,status_code\n" : ""
  }

  private func lines(ofPortion portion: Int) -> Range<Int> {
    portion * Self.portion..<(portion + 1) * Self.portion
  }

  /// How many different events the first portions have.
  func events(inPortions portions: Int) -> Int {
    Set((0..<portions * Self.portion).map { number(ofLine: $0) }).count
  }

  // MARK: The program

  private var program: Executable {
    Executable(directory: shop.world.directory, environment: ["BILLING_SANDBOX": "1"])
  }

  /// Starts it, and hands portions over, each once the one before it is durable.
  func start(portions: Int, options: [String] = []) throws -> Process {
    let process = try program.start(
      ["--quiet", "--json", "usage", "import", "-"] + options, output: output, errors: errors,
      input: input)
    try write(header)
    for portion in 0..<portions {
      try write(portion: portion)
      let expected = events(inPortions: portion + 1)
      let deadline = ContinuousClock.now + .seconds(60)
      var kept = 0
      while kept < expected, ContinuousClock.now < deadline { kept = try stored() }
      try #require(kept == expected)
    }
    return process
  }

  func write(portion: Int) throws {
    try write(lines(ofPortion: portion).map { line($0) }.joined())
  }

  /// A line that is not taken.
  static let badLine = #"{"id":"bad","customer":"nobody@example.com","meter":"m","quantity":1}"#

  func writeABadLine() throws { try write(Self.badLine + "\n") }

  /// Imports a file of one bad line; gives the exit status.
  func importABadLine(options: String) throws -> Int32 {
    try shop.world.write(Self.badLine + "\n", to: "bad.jsonl")
    return try program.run("usage import bad.jsonl --quiet \(options)").status
  }

  /// The files whose names begin so, sorted.
  func files(_ prefix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: shop.world.directory)
      .filter { $0.hasPrefix(prefix) }.sorted()
  }

  /// The next line up to the middle of its quantity, which would be another one.
  func writeHalfALine() throws {
    let line = line(24)
    let end = try #require(line.range(of: "1888")?.upperBound)
    try write(String(line[..<line.index(before: end)]))
  }

  private func write(_ text: String) throws {
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
  }

  /// Imports the whole file: `exit accepted/duplicates/conflicts/rejected`, and all that is stored.
  func finish() throws -> (counts: String, content: [String]) {
    let text = header + (0..<Self.count).map { line($0) }.joined()
    try shop.world.write(text, to: "usage.txt")
    let result = try program.run("usage import usage.txt --quiet --json")
    let json = try JSON(parsing: result.output)
    let counts = ["accepted", "duplicates", "conflicts", "rejected"]
      .map { Cell(json[$0]).text }.joined(separator: "/")
    return ("\(result.status) \(counts)", try content())
  }

  // MARK: The store

  func stored() throws -> Int {
    try store.read { transaction in
      try (0..<Self.count).count { try transaction.usageEvent("r\($0)") != nil }
    }
  }

  /// Every event, and what they come to in every window that one of them lies in.
  private func content() throws -> [String] {
    try store.read { transaction in
      var lines: [String] = []
      for number in 0..<Self.count {
        let event = try transaction.usageEvent("r\(number)")
        lines.append(event.map { "\($0)" } ?? "-")
        for meter in ["ai_requests", "storage_mb"] {
          for window in Limit.Window.allCases {
            let total = try transaction.usage(
              of: meter, by: customerID, in: window, at: event?.at ?? TestWorld.start)
            lines.append("\(meter) \(window) \(total.map { "\($0)" } ?? "-")")
          }
        }
      }
      return lines
    }
  }
}
