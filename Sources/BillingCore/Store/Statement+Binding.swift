import GRDB
import GRDBSQLite

/// GRDB makes several arrays of the arguments of a statement before it binds them; where hundreds of
/// thousands of rows are written, that costs as much as writing them.
extension Statement {
  /// Executes with these values, bound straight to SQLite, which copies them.
  func execute<each Value: StatementBinding>(binding values: repeat each Value) throws {
    try readyForBinding()
    var place: CInt = 0
    for value in repeat each values {
      place += 1
      try bind(value, at: place)
    }
    try execute()
  }

  /// The same with the values of a list and one more.
  func execute(
    bindingAll values: some Sequence<(any StatementBinding)?>, _ last: some StatementBinding
  ) throws {
    try readyForBinding()
    var place: CInt = 0
    for value in values {
      place += 1
      if let value {
        try bind(value, at: place)
      } else {
        try bind(DatabaseValue.null, at: place)
      }
    }
    try bind(last, at: place + 1)
    try execute()
  }

  private func readyForBinding() throws {
    // To GRDB all arguments are null, so that its errors repeat no value.
    if arguments.isEmpty {
      let nulls = [DatabaseValue](
        repeating: .null, count: Int(sqlite3_bind_parameter_count(sqliteStatement)))
      try setArguments(StatementArguments(nulls))
    }
    sqlite3_reset(sqliteStatement)
  }

  private func bind(_ value: some StatementBinding, at place: CInt) throws {
    let code = value.bind(to: sqliteStatement, at: place)
    guard code == SQLITE_OK else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: String(cString: sqlite3_errmsg(sqlite3_db_handle(sqliteStatement))))
    }
  }
}

/// Bytes as they are bound to a statement.
struct Blob: StatementBinding {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func bind(to sqliteStatement: SQLiteStatement, at index: CInt) -> CInt {
    let copying = unsafeBitCast(OpaquePointer(bitPattern: -1), to: sqlite3_destructor_type.self)
    return bytes.withUnsafeBytes {
      sqlite3_bind_blob64(
        sqliteStatement, index, $0.baseAddress, sqlite3_uint64($0.count), copying)
    }
  }
}
