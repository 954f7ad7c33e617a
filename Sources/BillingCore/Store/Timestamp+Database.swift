package import Basics
package import GRDB

extension Timestamp: DatabaseValueConvertible {
  package var databaseValue: DatabaseValue { seconds.databaseValue }

  package static func fromDatabaseValue(_ value: DatabaseValue) -> Timestamp? {
    Int64.fromDatabaseValue(value).map { Timestamp($0) }
  }
}
