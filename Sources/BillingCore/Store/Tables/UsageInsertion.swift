import Basics
import GRDB

/// Writes events of usage into their table. Its statements are looked up once for many events.
struct UsageInsertion {
  private let transaction: Transaction
  private let plain: Statement
  private let whole: Statement

  init(_ transaction: Transaction) throws {
    self.transaction = transaction
    plain = try transaction.database.cachedStatement(
      sql: """
        INSERT INTO usage_events (id, series, quantity, at, covered, created_at)
        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
        """)
    whole = try transaction.database.cachedStatement(
      sql: """
        INSERT INTO usage_events (id, series, quantity, at, covered, created_at, key_id, endpoint,
          method, status_code, response_time_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO NOTHING
        """)
  }

  /// Whether the event was new.
  ///
  /// - Parameter request: nil where nothing is told of one; less is then to be bound.
  func insert(
    _ id: some BoundValue, series: Int64, quantity: Int64, at moment: Timestamp,
    covered: Int64, request: UsageEvent.Request?
  ) throws -> Bool {
    if let request {
      try whole.execute(
        binding: id, series, quantity, moment, covered, transaction.now, request.keyID,
        request.endpoint, request.method, request.statusCode, request.responseTimeMilliseconds)
    } else {
      try plain.execute(binding: id, series, quantity, moment, covered, transaction.now)
    }
    return transaction.database.changesCount == 1
  }
}
