import Basics
private import Foundation
import GRDB

/// The sandbox's file: opened, checked, brought up to date; one transaction at a time.
struct Store: Sendable {
  private let queue: DatabaseQueue

  /// Seconds to wait for another process.
  static let busyTimeoutSeconds = 10.0

  /// Opens the file of a path, or makes it; nil keeps all in memory.
  ///
  /// - Parameter prepare: writes what a new sandbox begins with, and brings the objects of an older
  ///   file up to date.
  init(
    path: String?, prepare: (StoreTransaction, _ isNew: Bool) throws -> Void
  ) throws {
    guard let path else {
      queue = try DatabaseQueue(configuration: Self.configuration(logged: false))
      try Self.migrate(queue, prepare: prepare)
      return
    }
    do {
      if try !StoreFile.exists(path) {
        try StoreFile.make(at: path) { temporary in
          let fresh = try DatabaseQueue(
            path: temporary, configuration: Self.configuration(logged: false))
          try Self.migrate(fresh, prepare: prepare)
          // From here on the file is in WAL mode, so that opening it needs no lock for the change.
          try fresh.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
          try fresh.close()
        }
      }
      try StoreFile.check(path)
      queue = try DatabaseQueue(path: path, configuration: Self.configuration(logged: true))
      // The head of the file may be older than what stands in its log.
      let version = try queue.read(Self.version)
      guard version <= StoreSchema.steps.count else {
        throw SandboxOpenError.newerVersion(
          path: path, version: version, newestKnown: StoreSchema.steps.count)
      }
      try Self.migrate(queue, prepare: prepare)
    } catch let error as DatabaseError {
      throw StoreFile.openError(error, path: path)
    }
  }

  private static func configuration(logged: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(busyTimeoutSeconds)
    configuration.prepareDatabase { database in
      if logged {
        try database.execute(sql: "PRAGMA journal_mode = WAL")
        // A killed process loses nothing; a power cut may take the last moments with it. For a
        // world to play in that is enough, and a sync for each request would cost half its speed.
        try database.execute(sql: "PRAGMA synchronous = NORMAL")
      }
    }
    return configuration
  }

  /// How many steps the file has been through.
  private static func version(_ database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
  }

  /// Runs the steps that the file lacks.
  private static func migrate(
    _ queue: DatabaseQueue, prepare: (StoreTransaction, _ isNew: Bool) throws -> Void
  ) throws {
    guard try queue.read(version) < StoreSchema.steps.count else { return }
    try queue.writeWithoutTransaction { database in
      try database.inTransaction(.immediate) {
        let done = try version(database)
        for step in StoreSchema.steps.dropFirst(done) { try database.execute(sql: step.sql) }
        try prepare(StoreTransaction(database: database), done == 0)
        try database.execute(sql: "PRAGMA application_id = \(StoreSchema.applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(StoreSchema.steps.count)")
        return .commit
      }
    }
  }

  /// Reads in one transaction.
  func read<Value>(_ body: (StoreTransaction) throws -> Value) throws -> Value {
    try queue.read { try body(StoreTransaction(database: $0)) }
  }

  /// Reads without a transaction, which costs as much as a short look itself: what is read may be of
  /// several moments.
  func glance<Value>(_ body: (StoreTransaction) throws -> Value) throws -> Value {
    try queue.unsafeRead { try body(StoreTransaction(database: $0)) }
  }

  /// Writes in one transaction that no other process can come between.
  func write<Value>(_ body: (StoreTransaction) throws -> Value) throws -> Value {
    try queue.writeWithoutTransaction { database in
      var value: Value?
      try database.inTransaction(.immediate) {
        value = try body(StoreTransaction(database: database))
        return .commit
      }
      guard let value else { throw SandboxError.unexpected }
      return value
    }
  }

  /// What SQLite says of a setting of its own: for tests.
  func pragma(_ name: String) throws -> String? {
    try queue.read { try String.fetchOne($0, sql: "PRAGMA \(name)") }
  }

  /// Whether an error is another process that holds the file.
  static func isBusy(_ error: any Error) -> Bool {
    (error as? DatabaseError)?.resultCode == .SQLITE_BUSY
  }
}
