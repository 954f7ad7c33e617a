import Basics
import GRDB
import GRDBSQLite
import Synchronization

/// Many writes in a row.
extension Store {
  /// Runs many writes, of which each is whole or not there, as ever, but durable only when `settle`
  /// or this function has returned: so that the next one is made while the disk is at work on the
  /// last. What they write is carried over from the log into the file less often, and more of the
  /// file is kept at hand.
  ///
  /// - Parameter cache: how much of the file is kept at hand, in KiB.
  package func inBulk<Value>(
    cache: Int = 20_480, _ body: () async throws -> Value
  ) async throws -> Value {
    guard !isReadOnly, let log = try log() else { return try await body() }
    let carrier = try LogCarrier(path: path, mostBytes: 64 << 20)
    try tune(synchronous: "NORMAL", cache: cache)
    try withWriter(carrier.attach)
    bulkLog.withLock { $0 = log }
    let result: Result<Value, any Error>
    do {
      result = .success(try await body())
    } catch {
      result = .failure(error)
    }
    bulkLog.withLock { $0 = nil }
    let end = Result { try commit() }
    try withWriter(carrier.detach)
    try await carrier.finish()
    try end.get()
    try tune(synchronous: "FULL", cache: 2_000)
    try await log.sync()
    return try result.get()
  }

  /// Returns when everything that was written is durable.
  package func settle() async throws { try await bulkLog.withLock { $0 }?.sync() }

  /// Nil where there is none: a database in memory, a file system without shared memory.
  private func log() throws -> LogFile? {
    guard try pragma("journal_mode") == "wal" else { return nil }
    return queue.writeWithoutTransaction { database in
      sqlite3_filename_wal(sqlite3_db_filename(database.sqliteConnection, "main"))
        .map { LogFile(String(cString: $0)) }
    }
  }

  /// - Parameter cache: how much of the file is kept at hand, in KiB.
  private func tune(synchronous: String, cache: Int) throws {
    try withWriter { database in
      try database.execute(sql: "PRAGMA synchronous = \(synchronous)")
      try database.execute(sql: "PRAGMA cache_size = -\(cache)")
    }
  }
}
