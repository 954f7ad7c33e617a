package import Basics
private import CLibsqlite
import Foundation
import GRDB

extension Store {
  /// How long a connection waits for another process's write.
  private static let busyTimeoutSeconds = 10.0

  /// Opens the file, or makes it where there is none. Another program's file, one of a newer
  /// version, an empty and a damaged one are refused untouched.
  package static func open(
    at path: String, now: @escaping @Sendable () -> Timestamp
  ) throws -> Store {
    // A file that is restored meanwhile is another one: what would be written into the old is lost.
    for _ in 0..<3 {
      if !FileManager.default.fileExists(atPath: path) { try create(at: path, now: now) }
      let file = FileIdentity(path)
      let store = try openUnchanged(at: path, now: now)
      if !store.isReadOnly { try translatingErrors(path: path) { try store.migrate() } }
      if file == FileIdentity(path), store.isInPlace { return store }
    }
    throw StoreError.replaced(path: path)
  }

  /// Opens a file that is there as it is, whichever of our versions wrote it: its tables are not
  /// brought up to date. For what copies it or only looks at it.
  package static func openUnchanged(
    at path: String, now: @escaping @Sendable () -> Timestamp
  ) throws -> Store {
    try DatabaseHeader.check(path: path, knownVersion: Migrations.version)
    return try translatingErrors(path: path) {
      if isReadOnlyPlace(path) { return try connectReadOnly(at: path, now: now) }
      return Store(path: path, isReadOnly: false, queue: try connect(path), now: now)
    }
  }

  /// Opens a file that is there so that not a byte of it can change.
  package static func openReadOnly(
    at path: String, now: @escaping @Sendable () -> Timestamp
  ) throws -> Store {
    try DatabaseHeader.check(path: path, knownVersion: Migrations.version)
    return try translatingErrors(path: path) { try connectReadOnly(at: path, now: now) }
  }

  /// A store that lives as long as the process: for tests and for dry runs on nothing.
  package static func inMemory(now: @escaping @Sendable () -> Timestamp) throws -> Store {
    let queue = try DatabaseQueue(configuration: configuration(isReadOnly: false))
    let store = Store(path: ":memory:", isReadOnly: false, queue: queue, now: now)
    try Migrations.migrator.migrate(queue)
    return store
  }

  /// The same content in a file of its own that only this process can see, and that is gone when it
  /// ends: for trying out what would become of it.
  package func copy() throws -> Store {
    try translatingErrors(path: path) {
      let copy = try DatabaseQueue(path: "", configuration: Self.configuration(isReadOnly: false))
      try queue.backup(to: copy)
      return Store(path: path, isReadOnly: false, queue: copy, now: now)
    }
  }

  /// Makes the file under another name and links it into place when it is whole, so that nobody
  /// ever sees half of it; who comes second opens the first one's.
  private static func create(at path: String, now: @escaping @Sendable () -> Timestamp) throws {
    let temporary = "\(path).\(Random.token(length: 8)).tmp"
    let descriptor = Foundation.open(temporary, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreError.cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    close(descriptor)
    defer {
      for suffix in ["", "-wal", "-shm"] { unlink(temporary + suffix) }
    }
    try translatingErrors(path: path) {
      let queue = try connect(temporary)
      try queue.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA application_id = \(DatabaseHeader.applicationID)")
      }
      try Migrations.migrator.migrate(queue)
      try queue.close()
    }
    guard link(temporary, path) == 0 || errno == EEXIST else {
      throw StoreError.cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
  }

  /// Applies the missing migrations, one process at a time: the lock is on the folder, because a
  /// lock file would stay behind and closing the database's own file would drop SQLite's locks.
  private func migrate() throws {
    let found = try pragma("user_version").flatMap { Int($0) } ?? 0
    guard found <= Migrations.version else {
      throw StoreError.newerVersion(path: path, found: found, known: Migrations.version)
    }
    guard found < Migrations.version else { return }
    let folder = Foundation.open(
      URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if folder >= 0 { close(folder) } }
    if folder >= 0 { flock(folder, LOCK_EX) }
    try Migrations.migrator.migrate(queue)
  }

  /// Without a log beside it the file is whole by itself, and `immutable` lets SQLite read it where
  /// it may not make the files that WAL needs.
  private static func connectReadOnly(
    at path: String, now: @escaping @Sendable () -> Timestamp
  ) throws -> Store {
    let hasLog = ["-wal", "-journal"].contains {
      FileManager.default.fileExists(atPath: path + $0)
    }
    let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "?#%"))
    let encoded = path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path
    let queue = try DatabaseQueue(
      path: hasLog ? path : "file:\(encoded)?immutable=1",
      configuration: configuration(isReadOnly: true))
    return Store(path: path, isReadOnly: true, queue: queue, now: now)
  }

  /// Whether there is a file that this user can only read, or that lies where only reading is
  /// allowed. Opens nothing.
  package static func isReadOnly(at path: String) -> Bool {
    FileManager.default.fileExists(atPath: path) && isReadOnlyPlace(path)
  }

  private static func isReadOnlyPlace(_ path: String) -> Bool {
    access(path, W_OK) != 0
      || access(URL(filePath: path).deletingLastPathComponent().path, W_OK) != 0
  }

  static func connect(_ path: String) throws -> DatabaseQueue {
    try DatabaseQueue(path: path, configuration: configuration(isReadOnly: false))
  }

  /// Most of the file is events of some thousand bytes, which then lie in one piece.
  private static let pageSize = 16_384

  /// Once a process, before its first database: the lock that the count needs is a twentieth of what
  /// writing costs.
  private static let countsNoMemory = sqlite3_config_no_memory_statistics() == SQLITE_OK

  private static func configuration(isReadOnly: Bool) -> Configuration {
    _ = countsNoMemory
    var configuration = Configuration()
    configuration.readonly = isReadOnly
    configuration.foreignKeysEnabled = true
    configuration.allowsUnsafeTransactions = true
    configuration.busyMode = .timeout(busyTimeoutSeconds)
    if !isReadOnly {
      configuration.prepareDatabase { database in
        // Of a file that is there its own size stays.
        try database.execute(sql: "PRAGMA page_size = \(pageSize)")
        try database.execute(sql: "PRAGMA journal_mode = WAL")
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try LogCarrier.carryUsually(database)
      }
    }
    return configuration
  }
}
