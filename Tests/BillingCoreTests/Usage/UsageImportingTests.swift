import Basics
import GRDB
import Synchronization
import Testing

@testable import BillingCore

/// An import writes lines in another order than they stand in, and in pieces: what comes of it must
/// be what comes of writing them down one after another.
@Suite(.tags(.unit)) struct UsageImportingTests {
  /// What became of the lines, and all that was written down.
  private struct Result: Equatable {
    var counts: [Int] = []
    var refused: [String] = []
    var rows: [String] = []
  }

  private static let meterIDs = ["ai", "seats"]
  private static let customers = ["cus_1": "cus_1", "one@example.com": "cus_1", "u2": "cus_2"]

  private func catalogue() throws -> Catalogue {
    try Catalogue(
      yaml: """
        version: 1
        namespace: billing
        currency: usd
        default_plan: free
        external_id_metadata: [user_id]
        meters: { ai: { name: AI, aggregation: sum }, seats: { name: Seats, aggregation: last } }
        plans: [{ id: free, name: Free, rank: 0 }]
        """, file: "plans.yaml")
  }

  /// Two customers, of whom the first has a subscription, whose period begins within a day.
  private func store() throws -> Store {
    let store = try Store.inMemory(now: { noon })
    for json in [
      Sample.customer(), Sample.customer("cus_2", email: nil, metadata: ["user_id": "u2"]),
      Sample.subscription(),
    ] {
      let snapshot = try #require(Snapshot(json, origin: .response, asOf: noon, cause: "op_1"))
      try store.write { transaction in
        _ = try StripeMirror.sample.apply(snapshot, in: transaction)
      }
    }
    return store
  }

  // MARK: What is to come of it

  private func recorded(_ lines: [RandomUsage.Line]) throws -> Result {
    let store = try store()
    var (result, counts) = (Result(), UsageImporting.Counts())
    try store.write { transaction in
      for (index, line) in lines.enumerated() {
        counts.read += 1
        guard let refusal = try record(line, &counts, transaction) else { continue }
        result.refused.append("\(index + 1) \(refusal)")
      }
    }
    counts.rejected = counts.read - counts.accepted - counts.duplicates - counts.conflicts
    (result.counts, result.rows) = (Self.words(counts), try rows(store))
    return result
  }

  /// Why it is not taken; nil where it is, or was.
  private func record(
    _ line: RandomUsage.Line, _ counts: inout UsageImporting.Counts, _ transaction: Transaction
  ) throws -> String? {
    guard let customerID = Self.customers[line.customer] else {
      return "no customer '\(line.customer)'"
    }
    guard Self.meterIDs.contains(line.meter) else { return "there is no meter '\(line.meter)'" }
    let event = UsageEvent(
      id: line.id, customerID: customerID, meterID: line.meter, quantity: line.quantity,
      at: line.at ?? noon, request: UsageEvent.Request(keyID: line.key))
    guard UsageEvent.isInWindow(event.at, at: noon) else { return "too old" }
    switch try transaction.recordUsage(event, comparesTime: line.at != nil) {
    case .recorded: counts.accepted += 1
    case .duplicate: counts.duplicates += 1
    case .conflict(_, let fields):
      counts.conflicts += 1
      return "another \(fields.joined(separator: ", "))"
    case .overflow: return "too much"
    }
    return nil
  }

  // MARK: What comes of it

  private func imported(
    _ lines: [RandomUsage.Line], inPiecesOf lengths: ClosedRange<Int>
  ) async throws -> Result {
    let store = try store()
    let text = lines.map { $0.json.compact + "\n" }.joined()
    let file = UsageFile(
      name: "usage", format: nil, pieceLengths: lengths, isForbidden: { _ in false },
      open: { Chunks(text) })
    var importing = UsageImporting(store: store, catalogue: try catalogue(), now: noon)
    var result = Result()
    try await importing.run(file) { _, refused, _ in
      for line in refused {
        #expect(String(decoding: line.text, as: UTF8.self) == lines[line.line - 1].json.compact)
        result.refused.append("\(line.line) \(Self.short(line.refusal.reason))")
      }
    }
    (result.counts, result.rows) = (Self.words(importing.counts), try rows(store))
    #expect(try store.read { try $0.usageAudit() }.differences == [])
    return result
  }

  private static func short(_ reason: String) -> String {
    if reason.hasPrefix("timestamp must not lie") { return "too old" }
    if reason.hasPrefix("with this more would be used") { return "too much" }
    return reason.replacing("the id is written down already, with ", with: "")
  }

  private static func words(_ counts: UsageImporting.Counts) -> [Int] {
    [counts.read, counts.accepted, counts.duplicates, counts.conflicts, counts.rejected]
  }

  /// Series by their numbers, the events of each as the last of a moment is found, and the totals.
  private func rows(_ store: Store) throws -> [String] {
    try [
      "SELECT * FROM usage_series ORDER BY id",
      "SELECT series, at, id, quantity, covered, key_id FROM usage_events "
        + "ORDER BY series, at, number",
      "SELECT * FROM usage_totals ORDER BY series, span, starts_at",
    ].flatMap { sql in
      try store.read { try Row.fetchAll($0.database, sql: sql) }.map { "\($0)" }
    }
  }

  // MARK: -

  /// Some texts name one customer, ids are repeated with the same and with other content, times go
  /// back, are missing or too old, sums are more than can be counted.
  @Test(arguments: 1...40)
  func anImportIsTheSameAsOneAfterAnother(_ seed: Int) async throws {
    var random = RandomUsage(seed: UInt64(seed))
    let lines = random.lines(150)
    let expected = try recorded(lines)
    #expect(try await imported(lines, inPiecesOf: 1_000_000...1_000_000) == expected)
    #expect(try await imported(lines, inPiecesOf: 500...4_000) == expected)
  }

  /// What these tests rest on: that the random files have what they are said to have.
  @Test func theRandomFilesHaveAll() throws {
    var (counts, reasons) = ([0, 0, 0, 0, 0], Set<String>())
    for seed in 1...40 {
      var random = RandomUsage(seed: UInt64(seed))
      let result = try recorded(random.lines(150))
      counts = zip(counts, result.counts).map { $0 + $1 }
      reasons.formUnion(result.refused.map { String($0.drop { $0 != " " }.dropFirst()) })
    }
    #expect(counts.allSatisfy { $0 > 50 })
    #expect(
      reasons.isSuperset(of: [
        "no customer 'cus_9'", "there is no meter 'calls'", "too old", "too much",
        "another quantity", "another customer", "another meter", "another timestamp",
        "another key_id",
      ]))
  }

  /// A line that is longer than the first pieces is still one line.
  @Test func aLongLineIsRefusedByItself() async throws {
    let store = try store()
    let text = """
      {"id":"a","customer":"u2","meter":"ai","quantity":2}
      {"id":"\(String(repeating: "b", count: 900))","customer":"u2","meter":"ai","quantity":2}
      {"id":"c","customer":"u2","meter":"ai","quantity":2}
      """
    var importing = UsageImporting(store: store, catalogue: try catalogue(), now: noon)
    let file = UsageFile(
      name: "usage", format: nil, pieceLengths: 100...2_000, isForbidden: { _ in false },
      open: { Chunks(text) })
    var refused: [Int] = []
    try await importing.run(file) { _, lines, _ in refused += lines.map { $0.line } }
    #expect(refused == [2] && importing.counts.accepted == 2)
    let short = UsageFile(
      name: "usage", format: nil, pieceLengths: 100...500, isForbidden: { _ in false },
      open: { Chunks(text) })
    await #expect(
      throws: UnreadableUsage(name: "usage", line: 2, reason: "the line does not end")
    ) { while try await short.next() != nil {} }
  }
}

/// A text, a few bytes at a time.
private final class Chunks: ByteSource {
  private let rest: Mutex<ArraySlice<UInt8>>
  let isReady = true

  init(_ text: String) { rest = Mutex(Array(text.utf8)[...]) }

  func read() -> [UInt8] {
    rest.withLock { rest in
      defer { rest = rest.dropFirst(100) }
      return Array(rest.prefix(100))
    }
  }
}
