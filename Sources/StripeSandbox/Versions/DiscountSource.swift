import Basics

/// Clover: a discount names its coupon in `source`; before, it held the coupon.
enum DiscountSource {
  static let change = VersionChange(
    since: .clover,
    objects: [
      "discount": { discount, call in
        let id = discount.object("source")?.string("coupon") ?? ""
        discount["coupon"] = JSON(try call.store.object(type: "coupon", id: id))
      }
    ],
    expandable: ["discount": ["coupon": .embedded("coupon")]],
    added: ["discount": ["source"]])
}

extension JSON {
  /// An object, or null for none.
  init(_ object: JSONObject?) { self = object.map { .object($0) } ?? .null }
}
