import Basics
import Foundation

/// The price of what is billed once: one that there is, one that the request makes, or one that
/// the sandbox makes for an amount, as Stripe does.
enum OneTimePrice {
  /// The price that a parameter names.
  static func referenced(_ id: String, parameter: String, _ call: Call) throws -> JSONObject {
    let price = try call.referenced("price", id, parameter: parameter)
    guard BillingInterval(price: price) == nil else {
      throw SandboxError.invalid(
        """
        The price specified is set to `type=recurring` but this field only accepts prices with \
        `type=one_time`.
        """, parameter: parameter)
    }
    guard price.bool("active") == true else {
      throw SandboxError.invalid(
        "The price specified is inactive. This field only accepts active prices.",
        parameter: parameter)
    }
    return price
  }

  /// The price that `price_data` describes. Made in passing, it cannot be used again.
  ///
  /// - Parameter name: how a field of `price_data` is named in an error.
  static func made(
    _ data: JSONObject, _ call: Call, name: @escaping (String) -> String
  ) throws -> JSONObject {
    var data = data
    if let product = data.object("product_data") {
      guard data["product"] == nil else {
        throw SandboxError.invalid(
          "You may only specify one of these parameters: product, product_data.",
          code: "parameters_exclusive", parameter: name("product"))
      }
      data["product"] = .string(try self.product(product, call).id)
      data["product_data"] = nil
    } else {
      _ = try call.referenced("product", data.string("product") ?? "", parameter: name("product"))
    }
    let price = try Prices.made(data, call, parameter: name).setting(["active": false])
    try call.insert(price)
    return price
  }

  /// The price that an amount gets, with a product of its own; an amount may be below zero.
  static func made(
    unitAmount: Decimal, currency: String, description: String, _ call: Call
  ) throws -> JSONObject {
    let product = try product(["name": .string(description)], call)
    let text = "\(unitAmount)"
    let price: JSONObject = [
      "id": .string(call.newID("price", length: 24)), "object": "price", "active": false,
      "billing_scheme": "per_unit", "created": .time(call.now), "currency": .string(currency),
      "custom_unit_amount": .null, "livemode": false, "lookup_key": .null, "metadata": [:],
      "nickname": .null, "product": .string(product.id), "recurring": .null,
      "tax_behavior": "unspecified", "tiers_mode": .null, "transform_quantity": .null,
      "type": "one_time", "unit_amount": JSON(Int64(text)), "unit_amount_decimal": .string(text),
    ]
    try call.insert(price)
    return price
  }

  private static func product(_ given: JSONObject, _ call: Call) throws -> JSONObject {
    let made = Products.made(id: call.newID("prod"), from: given, at: call.now)
    let product = made.setting([
      "active": false, "metadata": try Metadata.merged([:], with: given["metadata"]),
    ])
    try call.insert(product)
    return product
  }
}
