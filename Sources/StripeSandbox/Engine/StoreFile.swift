private import Foundation
import GRDB

/// The file as a file: whether it is ours, how it is made, how it is removed.
enum StoreFile {
  /// What SQLite puts beside its file.
  static let companions = ["-wal", "-shm", "-journal"]

  static func exists(_ path: String) throws -> Bool {
    var status = stat()
    if stat(path, &status) == 0 { return true }
    guard errno == ENOENT else { throw cannotOpen(path) }
    return false
  }

  /// What tells a file from another one that takes its place.
  struct Identity: Equatable {
    let device: UInt64
    let inode: UInt64
  }

  /// nil where there is no file.
  static func identity(_ path: String) -> Identity? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }

  /// Looks at the head of a file before SQLite does: its magic, its owner, its version.
  static func check(_ path: String) throws {
    guard let handle = FileHandle(forReadingAtPath: path) else { throw cannotOpen(path) }
    defer { try? handle.close() }
    let head: [UInt8]
    do {
      head = Array(try handle.read(upToCount: 100) ?? Data())
    } catch {
      throw SandboxOpenError.cannotOpen(path: path, reason: "it cannot be read")
    }
    guard !head.isEmpty else { throw SandboxOpenError.empty(path: path) }
    guard head.count == 100, head.starts(with: Array("SQLite format 3\0".utf8)),
      number(head, at: 68) == Int(StoreSchema.applicationID)
    else { throw SandboxOpenError.notASandbox(path: path) }
    let version = number(head, at: 60)
    guard version <= StoreSchema.steps.count else {
      throw SandboxOpenError.newerVersion(
        path: path, version: version, newestKnown: StoreSchema.steps.count)
    }
  }

  private static func number(_ head: [UInt8], at offset: Int) -> Int {
    head[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  /// Makes the file under another name, readable by its owner alone, and links it into place. If
  /// another process was quicker, its file is taken.
  static func make(at path: String, fill: (_ temporary: String) throws -> Void) throws {
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
    let descriptor = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw cannotOpen(path) }
    close(descriptor)
    defer { for suffix in [""] + companions { unlink(temporary + suffix) } }
    try fill(temporary)
    guard link(temporary, path) == 0 || errno == EEXIST else { throw cannotOpen(path) }
  }

  /// Removes the file and what SQLite put beside it; nothing where there is no file.
  static func remove(_ path: String) throws {
    guard try exists(path) else { return }
    try check(path)
    for suffix in companions.reversed() + [""] {
      guard unlink(path + suffix) == 0 || errno == ENOENT else { throw cannotOpen(path) }
    }
  }

  static func openError(_ error: DatabaseError, path: String) -> SandboxOpenError {
    switch error.resultCode {
    case .SQLITE_NOTADB: .notASandbox(path: path)
    case .SQLITE_CORRUPT: .damaged(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path)
    default: .cannotOpen(path: path, reason: error.message ?? "SQLite cannot open it")
    }
  }

  private static func cannotOpen(_ path: String) -> SandboxOpenError {
    .cannotOpen(path: path, reason: String(cString: strerror(errno)))
  }
}
