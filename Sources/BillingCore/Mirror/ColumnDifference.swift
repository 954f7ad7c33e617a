/// A column that is not what Stripe last said of its object, or a row that one of the two lacks.
package struct ColumnDifference: Sendable, Hashable {
  package let objectID: String
  package let type: String
  /// Nil where there is a row and no object, or the other way round.
  package let column: String?
}
