import Basics

/// Clover: a promotion code is made for a `promotion`, of which a coupon is one kind; before, it
/// was made for a coupon, and held it.
enum PromotionOfCode {
  static let change = VersionChange(
    since: .clover,
    requests: [
      RequestChange(
        "POST /v1/promotion_codes", declared: ["coupon": .string, "promotion": nil],
        required: (before: ["coupon"], now: ["promotion"]),
        names: ["promotion[coupon]": "coupon"],
        translate: { parameters, _ in
          guard let coupon = parameters.take("coupon") else { return }
          parameters["promotion"] = ["type": "coupon", "coupon": coupon]
        })
    ],
    objects: [
      "promotion_code": { code, call in
        let id = code.object("promotion")?.string("coupon") ?? ""
        code["coupon"] = JSON(try call.store.object(type: "coupon", id: id))
      }
    ],
    expandable: ["promotion_code": ["coupon": .embedded("coupon")]],
    added: ["promotion_code": ["promotion"]])
}
