import GRDB
import GRDBSQLite

/// GRDB makes several arrays of the arguments of a statement before it binds them, looks around for
/// observers when it runs, and gathers the names of the columns when it reads: where hundreds of
/// thousands of rows are written, that costs as much as writing them.
///
/// What is run here neither begins nor ends a transaction, and changes no table's form.
extension Statement {
  /// Executes with these values, bound straight to SQLite, which copies them.
  func execute<each Value: BoundValue>(binding values: repeat each Value) throws {
    defer { sqlite3_reset(sqliteStatement) }
    try bind(repeat each values)
    while try step() {}
  }

  /// The rows that a query finds with these values, each as `read` makes it of its columns.
  func rows<each Value: BoundValue, Element>(
    binding values: repeat each Value, read: (RowColumns) throws -> Element
  ) throws -> [Element] {
    defer { sqlite3_reset(sqliteStatement) }
    try bind(repeat each values)
    var rows: [Element] = []
    while try step() { rows.append(try read(RowColumns(sqliteStatement))) }
    return rows
  }

  /// The first of them; nil where there is none.
  func firstRow<each Value: BoundValue, Element>(
    binding values: repeat each Value, read: (RowColumns) throws -> Element
  ) throws -> Element? {
    defer { sqlite3_reset(sqliteStatement) }
    try bind(repeat each values)
    return try step() ? try read(RowColumns(sqliteStatement)) : nil
  }

  @inline(__always)
  private func bind<each Value: BoundValue>(_ values: repeat each Value) throws {
    var place: CInt = 0
    for value in repeat each values {
      place += 1
      try check(value.bound(to: sqliteStatement, at: place))
    }
    // Else what the last one that ran was given would stand in the places that are left.
    guard place == sqlite3_bind_parameter_count(sqliteStatement) else {
      throw failure(SQLITE_MISUSE)
    }
  }

  /// Whether there is a row.
  private func step() throws -> Bool {
    switch sqlite3_step(sqliteStatement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw failure(code)
    }
  }

  @inline(__always)
  private func check(_ code: CInt) throws {
    guard code == SQLITE_OK else { throw failure(code) }
  }

  private func failure(_ code: CInt) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: code),
      message: String(cString: sqlite3_errmsg(sqlite3_db_handle(sqliteStatement))))
  }
}

/// The columns of the row at which a query stands, by their places.
struct RowColumns {
  private let statement: SQLiteStatement

  fileprivate init(_ statement: SQLiteStatement) { self.statement = statement }

  /// Throws for `NULL` where no optional is wanted.
  subscript<Value: StatementColumnConvertible>(_ place: CInt) -> Value {
    get throws {
      guard let value = Value.fromStatement(statement, atUncheckedIndex: place) else {
        throw DatabaseError(
          resultCode: .SQLITE_MISMATCH, message: "column \(place) is not what it should be")
      }
      return value
    }
  }
}

/// Bytes as they are bound to a statement.
struct Blob: BoundValue {
  /// Tells SQLite that what is bound is gone soon; a macro of C, which Swift does not see.
  static let isCopied = unsafeBitCast(
    OpaquePointer(bitPattern: -1), to: sqlite3_destructor_type.self)

  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func bound(to statement: SQLiteStatement, at place: CInt) -> CInt {
    return bytes.withUnsafeBytes {
      sqlite3_bind_blob64(
        statement, place, $0.baseAddress, sqlite3_uint64($0.count), Self.isCopied)
    }
  }
}
