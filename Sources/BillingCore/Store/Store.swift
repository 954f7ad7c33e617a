package import Basics
import Foundation
import GRDB
import Synchronization

/// The state database: one SQLite file, opened by one process at a time or by many.
///
/// All SQL stands in this folder; the domain works with `Transaction` and values.
package final class Store: Sendable {
  /// The file; `:memory:` for a store of a test.
  package let path: String
  /// Whether the file or its folder can only be read; writes then throw `readOnly`.
  package let isReadOnly: Bool
  let queue: DatabaseQueue
  private let file: FileIdentity?
  let now: @Sendable () -> Timestamp
  private let outbox = Mutex<@Sendable () -> Set<Occurrence.Kind>>({ [] })
  /// Set while writes are made in bulk.
  let bulkLog = Mutex<LogFile?>(nil)

  init(
    path: String, isReadOnly: Bool, queue: DatabaseQueue, now: @escaping @Sendable () -> Timestamp
  ) {
    self.path = path
    self.isReadOnly = isReadOnly
    file = FileIdentity(path)
    self.queue = queue
    self.now = now
  }

  /// Whether the file that is open still stands at its path. What is written into one that was
  /// removed or replaced is lost.
  package var isInPlace: Bool { FileIdentity(path) == file }

  /// Says what goes into the outbox from now on; asked for when something happens, and not before.
  package func setOutbox(_ kinds: @escaping @Sendable () -> Set<Occurrence.Kind>) {
    outbox.withLock { $0 = kinds }
  }

  private func transaction(_ database: Database) -> Transaction {
    Transaction(
      database: database, path: path, now: now(),
      audience: Audience(outbox: outbox.withLock { $0 }))
  }

  /// Runs reads on one consistent state of the file.
  package func read<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
    try translatingErrors(path: path) {
      try queue.read { try body(transaction($0)) }
    }
  }

  /// Runs reads and writes in one `BEGIN IMMEDIATE` transaction: all of it is kept, durably, or
  /// nothing.
  package func write<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
    try withWriter { database in
      try endTransaction(of: database)
      var value: Value?
      try database.inTransaction(.immediate) {
        value = try body(transaction(database))
        return .commit
      }
      guard let value else { throw StoreError.failed(path: path, detail: "no result") }
      return value
    }
  }

  /// Runs reads and writes in a transaction that the next such call goes on with, until `commit` or
  /// another write ends it: what many small ones change is written once. An error takes back what
  /// all of them wrote. Whoever calls it waits for nothing in between, since others wait for him.
  func writeOn<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
    try withWriter { database in
      if !database.isInsideTransaction { try database.beginTransaction(.immediate) }
      do {
        return try body(transaction(database))
      } catch {
        // SQLite has done so itself where the disk is full.
        if database.isInsideTransaction { try database.rollback() }
        throw error
      }
    }
  }

  /// Ends the transaction of `writeOn` where it goes on; on an error nothing of it is kept.
  func commit() throws { try withWriter(endTransaction) }

  /// Whether the transaction of `writeOn` goes on.
  var isWritingOn: Bool { get throws { try withWriter { $0.isInsideTransaction } } }

  private func endTransaction(of database: Database) throws {
    guard database.isInsideTransaction else { return }
    do {
      try database.commit()
    } catch {
      if database.isInsideTransaction { try database.rollback() }
      throw error
    }
  }

  func withWriter<Value>(_ body: (Database) throws -> Value) throws -> Value {
    guard !isReadOnly else { throw StoreError.readOnly(path: path) }
    return try translatingErrors(path: path) { try queue.writeWithoutTransaction(body) }
  }

  /// What a transaction of a `PRAGMA` says; for checks and tests.
  package func pragma(_ name: String) throws -> String? {
    try translatingErrors(path: path) {
      try queue.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }
  }

  /// How SQLite would look rows up: the details of the query plan, for the test of the indexes.
  package func queryPlan(_ sql: String) throws -> [String] {
    try queue.read { database in
      try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] }
    }
  }
}

/// One transaction on the store. What it reads and writes is in extensions, one for each area.
package struct Transaction {
  let database: Database
  /// The store's, for what its errors say.
  let path: String
  /// The clock by which `created_at` and `updated_at` are written.
  package let now: Timestamp
  /// Who hears of what happens in it.
  var audience = Audience()
}

/// SQLite's errors as facts of ours; all other errors pass.
func translatingErrors<Value>(path: String, _ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch let error as DatabaseError {
    throw storeError(error, path: path)
  }
}

private func storeError(_ error: DatabaseError, path: String) -> StoreError {
  let detail = error.message ?? "SQLite error \(error.resultCode.rawValue)"
  return switch error.resultCode {
  case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path)
  case .SQLITE_FULL: .full(path: path)
  case .SQLITE_READONLY: .readOnly(path: path)
  case .SQLITE_CORRUPT: .damaged(path: path, detail: detail)
  case .SQLITE_NOTADB: .notADatabase(path: path)
  case .SQLITE_CANTOPEN: .cannotOpen(path: path, reason: detail)
  case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG: .ruleBroken(detail: detail)
  default: .failed(path: path, detail: detail)
  }
}

extension Transaction {
  /// Runs a part that can fail by itself: what it wrote is taken back, the transaction goes on.
  /// Errors are told as facts of ours, so that whoever goes on knows whose fault it was.
  func savepoint(_ body: () throws -> Void) throws {
    try translatingErrors(path: path) {
      try database.inSavepoint {
        try body()
        return .commit
      }
    }
  }
}
