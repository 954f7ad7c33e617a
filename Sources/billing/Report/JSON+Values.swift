import Basics
import BillingCore
import Stripe

/// A list of Stripe's metadata as JSON, in the order of its keys.
func metadataJSON(_ metadata: [String: String]) -> JSON {
  .object(
    JSONObject(
      uniqueKeysWithValues: metadata.sorted { $0.key < $1.key }
        .map { ($0.key, .string($0.value)) }))
}

extension JSON {
  /// ISO 8601 in UTC, or null.
  init(_ moment: Timestamp?) { self.init(moment?.iso8601) }
}
