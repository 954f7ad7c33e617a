import Basics
import BillingCore
import Foundation
import Stripe
import Testing

@testable import billing

/// A file of operations whose work is cut off, or done by two programs at once: each line once.
@Suite(.tags(.e2e)) struct ApplyE2ETests {
  /// `kill -9` after so many results were seen; the second run does the rest. `make bench` does the
  /// same with a thousand.
  @Test(arguments: [7, 42] as [UInt64]) func aKilledRunIsFinishedByTheNext(seed: UInt64)
    async throws
  {
    let count = 40
    let bench = try await ApplyBench(customers: count)
    var dice = Dice(seed: seed)
    let seen = try bench.killedRun(afterResults: dice.below(count - 10))
    let paid = try bench.shop.counts()["charge"] ?? 0
    #expect(paid >= seen && paid < count)

    let (rows, exit) = try bench.run()
    #expect(exit == 0)
    #expect(rows.count == count)
    #expect(rows.count { $0["status"] == "already_done" } >= seen)
    #expect(!rows.contains { $0["status"] == "failed" })
    try await bench.check()
  }

  @Test func twoProgramsDoEachLineOnce() async throws {
    let bench = try await ApplyBench(customers: 20)
    let both = try [bench.start(), bench.start()]
    for running in both {
      let (rows, exit) = bench.finish(running)
      // Who comes while the other one writes may be told to wait.
      #expect(exit == 0 || exit == 10)
      #expect(rows.count == 20)
    }
    let (rows, exit) = try bench.run()
    #expect(exit == 0)
    #expect(rows.allSatisfy { $0["status"] != "failed" })
    try await bench.check()
  }

  /// The wish to stop: what is under way ends, nothing new begins, and the next run does the rest.
  @Test func anInterruptedRunIsFinishedByTheNext() async throws {
    let bench = try await ApplyBench(customers: 30)
    let running = try bench.start()
    let seen = bench.read(running, results: 5)
    kill(running.process.processIdentifier, SIGINT)
    let (rest, exit) = bench.finish(running)
    #expect(exit == 130)
    #expect(seen + rest.count < 30)
    let (rows, next) = try bench.run()
    #expect(next == 0)
    #expect(rows.count { $0["status"] == "already_done" } >= seen + rest.count)
    try await bench.check()
  }
}

/// A sandbox with customers, a file that subscribes each of them, and the program.
private struct ApplyBench {
  typealias Running = (process: Process, output: Pipe)

  let shop: Shop
  private let customers: Int
  private let program: Executable

  init(customers: Int) async throws {
    self.customers = customers
    shop = try await Shop()
    var file = "operation,customer,plan,payment_method\n"
    for number in 0..<customers {
      let email = "u\(number)@example.com"
      try await shop.call(.post, "customers", parameters: ["email": .string(email)])
      file += "subscribe,\(email),team,pm_card_visa\n"
    }
    try shop.world.write(file, to: "ops.csv")
    program = Executable(
      directory: shop.world.directory, environment: ["BILLING_SANDBOX": "1"])
  }

  func start() throws -> Running {
    let output = Pipe()
    let process = try program.start(
      ["apply", "ops.csv", "--format", "jsonl"], output: output, errors: FileHandle.nullDevice)
    return (process, output)
  }

  /// Waits for so many results, and tells how many came.
  func read(_ running: Running, results: Int) -> Int {
    var seen = 0
    while seen < results {
      let data = running.output.fileHandleForReading.availableData
      if data.isEmpty { break }
      seen += data.count { $0 == 0x0A }
    }
    return seen
  }

  func finish(_ running: Running) -> (rows: [JSON], exit: Int32) {
    let data = running.output.fileHandleForReading.readDataToEndOfFile()
    running.process.waitUntilExit()
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    return (lines.compactMap { try? JSON(parsing: String($0)) }, running.process.terminationStatus)
  }

  func run() throws -> (rows: [JSON], exit: Int32) { finish(try start()) }

  /// Kills the program when it has told so many results, and tells how many it had told.
  func killedRun(afterResults count: Int) throws -> Int {
    let running = try start()
    var seen = read(running, results: count)
    kill(running.process.processIdentifier, SIGKILL)
    seen += finish(running).rows.count
    #expect(running.process.terminationReason == .uncaughtSignal)
    return seen
  }

  /// Every customer has one subscription and paid once, and the journal is settled.
  func check() async throws {
    let counts = try shop.counts()
    #expect(counts["subscription"] == customers)
    #expect(counts["charge"] == customers)
    let context = try shop.world.context("--sandbox --quiet")
    var subscribers: Set<String> = []
    let pages = try context.client().pages(StripePath("subscriptions"), ["status": "all"])
    for try await page in pages {
      subscribers.formUnion(page.objects.compactMap { $0["customer"]?.string })
    }
    #expect(subscribers.count == customers)
    let unsettled = try context.store().read { try $0.unsettledOperations() }
    #expect(unsettled == [])
  }
}
