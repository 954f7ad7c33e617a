package import Basics
package import GRDB

extension Timestamp: DatabaseValueConvertible, StatementColumnConvertible {
  package var databaseValue: DatabaseValue { seconds.databaseValue }

  package static func fromDatabaseValue(_ value: DatabaseValue) -> Timestamp? {
    Int64.fromDatabaseValue(value).map { Timestamp($0) }
  }

  package init(sqliteStatement: SQLiteStatement, index: CInt) {
    self.init(Int64(sqliteStatement: sqliteStatement, index: index))
  }

  package func bind(to sqliteStatement: SQLiteStatement, at index: CInt) -> CInt {
    seconds.bind(to: sqliteStatement, at: index)
  }
}
