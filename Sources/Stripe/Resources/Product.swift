package import Basics

/// What is sold (https://docs.stripe.com/api/products/object).
package struct Product: Sendable, Hashable {
  package let id: String
  /// Empty where the product is deleted: nothing but its id is left then.
  package let name: String
  package let description: String?
  package let isActive: Bool
  package let metadata: [String: String]
  /// The epoch where the product is deleted.
  package let created: Timestamp
  package let isDeleted: Bool
  package let isLive: Bool

  package init(_ json: JSON) throws(MalformedObject) {
    let fields = try ObjectReader(json, kind: "product")
    id = try fields.identifier()
    isDeleted = try fields.optionalFlag("deleted") ?? false
    name = isDeleted ? try fields.optionalText("name") ?? "" : try fields.text("name")
    description = try fields.optionalText("description")
    isActive = try fields.optionalFlag("active") ?? !isDeleted
    metadata = try fields.metadata()
    created = isDeleted ? Timestamp(0) : try fields.time("created")
    isLive = try fields.optionalFlag("livemode") ?? false
  }
}
