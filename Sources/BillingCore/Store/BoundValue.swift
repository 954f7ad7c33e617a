import Basics
import Foundation
import GRDB
import GRDBSQLite

/// A value as it is bound to a statement; GRDB's own way makes an array of each text.
protocol BoundValue {
  /// SQLite's answer.
  func bound(to statement: SQLiteStatement, at place: CInt) -> CInt
}

extension String: BoundValue {
  /// Ends before a zero, as SQLite's texts do wherever GRDB binds and reads them.
  func bound(to statement: SQLiteStatement, at place: CInt) -> CInt {
    var text = self
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { bytes in
        let length = bytes.baseAddress.map { strnlen($0, bytes.count) } ?? 0
        // Without an address it would be NULL.
        return withUnsafePointer(to: 0 as CChar) { empty in
          sqlite3_bind_text64(
            statement, place, bytes.baseAddress ?? empty, sqlite3_uint64(length), Blob.isCopied,
            UInt8(SQLITE_UTF8))
        }
      }
    }
  }
}

extension Int64: BoundValue {
  func bound(to statement: SQLiteStatement, at place: CInt) -> CInt {
    sqlite3_bind_int64(statement, place, self)
  }
}

extension Int: BoundValue {
  func bound(to statement: SQLiteStatement, at place: CInt) -> CInt {
    Int64(self).bound(to: statement, at: place)
  }
}

extension Bool: BoundValue {
  func bound(to statement: SQLiteStatement, at place: CInt) -> CInt {
    Int64(self ? 1 : 0).bound(to: statement, at: place)
  }
}

extension Timestamp: BoundValue {
  func bound(to statement: SQLiteStatement, at place: CInt) -> CInt {
    seconds.bound(to: statement, at: place)
  }
}

extension Optional: BoundValue where Wrapped: BoundValue {
  func bound(to statement: SQLiteStatement, at place: CInt) -> CInt {
    guard let self else { return sqlite3_bind_null(statement, place) }
    return self.bound(to: statement, at: place)
  }
}
