import GRDB
import GRDBSQLite

/// A text as it is bound to a statement, given by its bytes in UTF-8.
struct UTF8Text: BoundValue {
  let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  func bound(to statement: SQLiteStatement, at place: CInt) -> CInt {
    return bytes.withUnsafeBytes {
      sqlite3_bind_text64(
        statement, place, $0.baseAddress?.assumingMemoryBound(to: CChar.self),
        sqlite3_uint64($0.count), Blob.isCopied, UInt8(SQLITE_UTF8))
    }
  }
}
