package import Basics

/// What was sold with a package: it goes with the payment as metadata, so that what is credited is
/// what the customer was shown, whatever becomes of the catalogue meanwhile.
package struct TokenSale: Sendable, Hashable {
  package var packageID: String
  package var quantity: Int64
  /// Of all packages together; nil where only the catalogue can tell.
  package var tokens: Int64?
  package var expires: TimeSpan?

  package init(_ package: TokenPackage, quantity: Int64 = 1) {
    packageID = package.id
    self.quantity = quantity
    tokens = Self.product(package.tokens, quantity)
    expires = package.expires
  }

  init(packageID: String, quantity: Int64, tokens: Int64?) {
    self.packageID = packageID
    self.quantity = quantity
    self.tokens = tokens
  }

  private static let quantityKey = "billing_quantity"
  private static let tokensKey = "billing_tokens"
  private static let expiresKey = "billing_expires"

  /// Reads what a payment says of itself, and where it does not say how many tokens it is for, the
  /// catalogue. Nil for a payment that is for something else.
  init?(metadata: JSON?, package: (String) -> TokenPackage?) {
    guard let id = metadata?[Catalogue.packageMetadataKey]?.string, !id.isEmpty else { return nil }
    packageID = id
    quantity = Self.number(metadata?[Self.quantityKey]) ?? 1
    tokens = Self.number(metadata?[Self.tokensKey])
    expires = metadata?[Self.expiresKey]?.string.flatMap { TimeSpan(parsing: $0) }
    guard tokens == nil, let package = package(id) else { return }
    tokens = Self.product(package.tokens, quantity)
    expires = package.expires
  }

  package var metadata: JSONObject {
    var metadata: JSONObject = [
      Catalogue.packageMetadataKey: .string(packageID),
      Self.quantityKey: .string(String(quantity)),
    ]
    metadata[Self.tokensKey] = tokens.map { .string(String($0)) }
    metadata[Self.expiresKey] = expires.map { .string($0.words) }
    return metadata
  }

  private static func number(_ json: JSON?) -> Int64? {
    json?.string.flatMap { Int64($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  private static func product(_ tokens: Int64, _ quantity: Int64) -> Int64? {
    let (product, overflow) = tokens.multipliedReportingOverflow(by: quantity)
    return overflow ? nil : product
  }
}
