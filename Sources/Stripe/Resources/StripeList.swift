package import Basics

/// One page of a list (https://docs.stripe.com/api/pagination).
package struct StripeList: Sendable, Hashable {
  package let data: [JSON]
  package let hasMore: Bool

  package init(_ json: JSON) throws(MalformedObject) {
    let fields = try ObjectReader(json, kind: "list")
    data = try fields.required("data", "a list", fields.value("data")?.array)
    hasMore = try fields.optionalFlag("has_more") ?? false
  }
}
