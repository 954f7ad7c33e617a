import Dispatch
import GRDB
import GRDBSQLite
import Synchronization

/// Carries what stands in the write-ahead log of a database over into its file, beside the
/// connection that writes: to copy it and to have it on the disk takes a fifth of the time of
/// writing. The writer itself carries over only what came meanwhile, so that the log begins anew.
final class LogCarrier: Sendable {
  private enum State { case waiting, carrying, carried }

  /// A connection of its own.
  private let connection: DatabaseQueue
  /// How many pages the log has when it is carried over.
  private let mostFrames: CInt
  private let queue = DispatchQueue(label: "billing.log-carrier")
  private let state = Mutex(State.waiting)

  /// - Parameter mostBytes: how long the log is when it is carried over.
  init(path: String, mostBytes: Int) throws {
    connection = try Store.connect(path)
    mostFrames = try connection.writeWithoutTransaction { try Self.frames(of: mostBytes, in: $0) }
  }

  /// Has SQLite itself carry the log over when it is so long: what it does unless told otherwise.
  static func carryUsually(_ database: Database) throws {
    sqlite3_wal_autocheckpoint(database.sqliteConnection, try frames(of: 4 << 20, in: database))
  }

  private static func frames(of bytes: Int, in database: Database) throws -> CInt {
    CInt(bytes / (try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4_096))
  }

  /// Hears of every transaction of a connection from now on, until `detach`, which has to come
  /// before the carrier is gone.
  func attach(to database: Database) {
    let hook:
      @convention(c) (
        UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, CInt
      ) -> CInt = { carrier, writer, _, frames in
        guard let carrier else { return SQLITE_OK }
        Unmanaged<LogCarrier>.fromOpaque(carrier).takeUnretainedValue()
          .hear(of: frames, from: writer)
        return SQLITE_OK
      }
    sqlite3_wal_hook(database.sqliteConnection, hook, Unmanaged.passUnretained(self).toOpaque())
  }

  func detach(from database: Database) throws {
    sqlite3_wal_hook(database.sqliteConnection, nil, nil)
    try Self.carryUsually(database)
  }

  /// Returns when nothing is being carried.
  func rest() async {
    await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
  }

  /// To be called once nothing is heard any more.
  func finish() async throws {
    await rest()
    try connection.close()
  }

  /// What goes wrong is tried again at the next transaction; until then all of it is in the log.
  private func hear(of frames: CInt, from writer: OpaquePointer?) {
    guard frames >= mostFrames else { return }
    switch state.withLock({ $0 }) {
    case .waiting:
      state.withLock { $0 = .carrying }
      queue.async {
        try? self.connection.writeWithoutTransaction(Self.carry)
        self.state.withLock { $0 = .carried }
      }
    case .carrying: break
    case .carried:
      state.withLock { $0 = .waiting }
      _ = sqlite3_wal_checkpoint_v2(writer, "main", SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    }
  }

  /// SQLite has on the disk what it carries over only where it reaches the end of the log, which
  /// goes on growing: the rest has to be asked for. The second time leaves little to the writer.
  private static func carry(_ database: Database) throws {
    for _ in 0..<2 {
      try database.checkpoint(.passive)
      var file: UnsafeMutablePointer<sqlite3_file>?
      sqlite3_file_control(
        database.sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &file)
      guard let file, let methods = file.pointee.pMethods else { return }
      _ = methods.pointee.xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY)
    }
  }
}
