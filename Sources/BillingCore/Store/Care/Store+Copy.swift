package import Basics
import Foundation
import GRDB

extension Store {
  /// How many pages are copied between two looks at whether it is to go on.
  private static let pagesAtOnce: CInt = 500

  /// Writes all that stands here now into one new file, which is whole by itself, readable for its
  /// owner alone, and durable on return. Others may read and write meanwhile: what they write after
  /// the beginning is not in it.
  ///
  /// - Parameter progress: is told how many pages are done, and of how many; may throw to stop.
  package func writeCopy(
    to copy: String,
    progress: @escaping (_ done: Int64, _ total: Int64) throws -> Void = { _, _ in }
  ) throws {
    let descriptor = Foundation.open(copy, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreError.cannotOpen(path: copy, reason: String(cString: strerror(errno)))
    }
    close(descriptor)
    do {
      try translatingErrors(path: path) { try fill(copy, progress) }
      try Self.makeDurable(copy)
    } catch {
      Self.removeFile(copy)
      throw error
    }
  }

  private func fill(
    _ copy: String, _ progress: @escaping (_ done: Int64, _ total: Int64) throws -> Void
  ) throws {
    let target = try DatabaseQueue(path: copy)
    try target.writeWithoutTransaction { target in
      // One transaction, so that all pages are of one moment, however long it takes.
      try queue.read { source in
        _ = try Int.fetchOne(source, sql: "SELECT count(*) FROM sqlite_schema")
        try source.backup(to: target, pagesPerStep: Self.pagesAtOnce) { step in
          try progress(Int64(step.completedPageCount), Int64(step.totalPageCount))
        }
      }
      // A log of its own would be a second file to be carried along.
      try target.execute(sql: "PRAGMA journal_mode = DELETE")
    }
    try target.close()
  }

  /// Lets a file, and its name in its folder, outlive a power cut.
  package static func makeDurable(_ path: String) throws(StoreError) {
    for place in [path, URL(filePath: path).deletingLastPathComponent().path] {
      let descriptor = Foundation.open(place, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0, fsync(descriptor) == 0 else {
        if descriptor >= 0 { close(descriptor) }
        throw StoreError.failed(path: place, detail: String(cString: strerror(errno)))
      }
      close(descriptor)
    }
  }

  /// Removes a file of this kind with what SQLite puts beside it.
  package static func removeFile(_ path: String) {
    for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) }
  }

  /// Writes down that a copy was made.
  package func noteBackup(at time: Timestamp) throws {
    try write { try $0.set(.lastBackupAt, to: "\(time.seconds)") }
  }

  /// When the last copy was made; nil where none ever was.
  package func lastBackup() throws -> Timestamp? {
    try read { try $0.setting(.lastBackupAt) }.flatMap { Int64($0) }.map { Timestamp($0) }
  }

  /// How many steps its tables have gone through.
  package func schema() throws -> Int { try pragma("user_version").flatMap { Int($0) } ?? 0 }

  /// Which account of Stripe it belongs to; nil where that is not known.
  package func account() throws -> String? { try read { try $0.setting(.account) } }
}
