package import Basics

/// A right that products can grant (https://docs.stripe.com/api/entitlements/feature/object).
package struct EntitlementFeature: Sendable, Hashable {
  package let id: String
  package let lookupKey: String
  package let name: String
  /// False once it is archived; features are never deleted.
  package let isActive: Bool
  package let metadata: [String: String]

  package init(_ json: JSON) throws(MalformedObject) {
    let fields = try ObjectReader(json, kind: "entitlements.feature")
    id = try fields.identifier()
    lookupKey = try fields.identifier("lookup_key")
    name = try fields.text("name")
    isActive = try fields.flag("active")
    metadata = try fields.metadata()
  }
}
