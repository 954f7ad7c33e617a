import Foundation
import GRDB

extension Store {
  /// Puts another whole file, which lies in the same folder, in the place of a database; what stood
  /// there is kept under another name. Whoever looks, whenever this ends, sees the old or the new.
  ///
  /// A database that another process has open is left alone: what it wrote from then on would be
  /// lost. Of a damaged or empty one that cannot be told.
  ///
  /// - Parameter kept: the name for what stood there; nobody may have it.
  /// - Returns: whether something stood there.
  package static func replace(_ path: String, by file: String, keeping kept: String) throws -> Bool
  {
    guard FileIdentity(path) != nil else {
      try link(file, at: path)
      unlink(file)
      try makeDurable(path)
      return false
    }
    try translatingErrors(path: path) {
      do {
        try holdingAlone(path) { try exchange(path, by: file, keeping: kept) }
      } catch let error as DatabaseError where isUnreadable(error) {
        try exchange(path, by: file, keeping: kept)
      }
    }
    try makeDurable(path)
    return true
  }

  private static func isUnreadable(_ error: DatabaseError) -> Bool {
    [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
  }

  /// Runs while nobody else has the database open or can open it, with its log carried over.
  private static func holdingAlone(_ path: String, _ body: () throws -> Void) throws {
    var configuration = Configuration()
    configuration.busyMode = .immediateError
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.writeWithoutTransaction { database in
        // Leaving WAL needs the file for oneself alone, and so tells whether anybody else has it.
        try database.execute(sql: "PRAGMA journal_mode = DELETE")
        try database.inTransaction(.exclusive) {
          // Without WAL this keeps everybody out; somebody may have come in between.
          guard try String.fetchOne(database, sql: "PRAGMA journal_mode") == "delete" else {
            throw StoreError.inUse(path: path)
          }
          try body()
          return .rollback
        }
      }
      try queue.close()
    } catch let error as DatabaseError
      where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode)
    {
      throw StoreError.inUse(path: path)
    }
  }

  private static func exchange(_ path: String, by file: String, keeping kept: String) throws {
    try link(path, at: kept)
    // A log that is left belongs to what stood there, and would spoil what comes.
    for suffix in ["-wal", "-journal"] where FileIdentity(path + suffix) != nil {
      guard rename(path + suffix, kept + suffix) == 0 else { throw systemError(path + suffix) }
    }
    unlink(path + "-shm")
    guard rename(file, path) == 0 else { throw systemError(path) }
  }

  private static func link(_ file: String, at path: String) throws {
    guard Foundation.link(file, path) == 0 else { throw systemError(path) }
  }

  private static func systemError(_ path: String) -> StoreError {
    .failed(path: path, detail: String(cString: strerror(errno)))
  }
}
