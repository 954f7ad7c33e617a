package import Basics
package import Foundation

/// A coupon as it applies to one subscription (https://docs.stripe.com/api/discounts/object).
package struct Discount: Sendable, Hashable {
  package let id: String?
  package let couponID: String?
  package let promotionCodeID: String?
  /// 0 to 100; nil for a coupon over an amount, and where only ids came.
  package let percentOff: Decimal?
  /// In minor units of the coupon's currency.
  package let amountOff: Int64?
  /// The coupon's: `forever`, `once` or `repeating`; nil where only ids came.
  package let duration: String?
  package let end: Timestamp?

  package init(_ json: JSON) throws(MalformedObject) {
    try self.init(ObjectReader(json, kind: "discount"))
  }

  /// Reads the coupon where it stood before and since 2025-09-30.clover: `coupon`, and
  /// `source.coupon`, each an id or the object.
  init(_ fields: ObjectReader) throws(MalformedObject) {
    try fields.requireObject()
    id = try fields.optionalText("id")
    let source = try fields.optionalObject("source") ?? fields
    couponID = try source.optionalReference("coupon")
    let coupon = source.expanded("coupon")
    percentOff = try coupon?.optionalDecimal("percent_off")
    amountOff = try coupon?.optionalInteger("amount_off")
    duration = try coupon?.optionalText("duration")
    promotionCodeID = try fields.optionalReference("promotion_code")
    end = try fields.optionalTime("end")
  }

  private init(id: String) {
    self.id = id
    (couponID, promotionCodeID, percentOff, amountOff) = (nil, nil, nil, nil)
    (duration, end) = (nil, nil)
  }

  /// All discounts of an object: `discounts`, in which each may be only an id, and `discount`,
  /// which until 2025-03-31.basil is the whole of one of them.
  static func all(of fields: ObjectReader) throws(MalformedObject) -> [Discount] {
    var single: Discount?
    if let object = try fields.optionalObject("discount") { single = try Discount(object) }
    var discounts: [Discount] = []
    for element in try fields.elements("discounts") {
      if let id = element.bareID {
        discounts.append(single?.id == id ? single ?? Discount(id: id) : Discount(id: id))
      } else {
        discounts.append(try Discount(element))
      }
    }
    return discounts.isEmpty ? (single.map { [$0] } ?? []) : discounts
  }
}
