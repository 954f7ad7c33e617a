/// Why a customer could not be named or made.
package enum CustomerError: Error, Sendable, Hashable {
  case notFound(CustomerReference)
  /// More than one fits: their ids, with what tells them apart.
  case ambiguous(CustomerReference, candidates: [CustomerRow])
  /// One with this address or this id of yours exists.
  case alreadyExists(CustomerRow)
}
