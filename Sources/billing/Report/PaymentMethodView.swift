import Basics
import BillingCore
import Stripe

/// A payment method as the commands show it. It is the default where the next bill is charged to
/// it: the running subscription's own, else the customer's.
enum PaymentMethodView {
  static func json(_ method: PaymentMethod, isDefault: Bool) -> JSONObject {
    [
      "id": .string(method.id), "customer": JSON(method.customerID), "type": .string(method.type),
      "brand": JSON(method.card?.brand), "last4": JSON(method.card?.last4),
      "exp_month": JSON(method.card?.expMonth), "exp_year": JSON(method.card?.expYear),
      "is_default": .bool(isDefault), "created": JSON(method.created),
    ]
  }

  static func report(_ object: JSONObject, closing: String?) -> ObjectReport {
    ObjectReport(
      object: object,
      fields: [
        Field("id", object["id"]), Field("customer", object["customer"]),
        Field("type", object["type"]), Field("card", card(.object(object))),
        Field("expires", expiry(.object(object))), Field("default", object["is_default"]),
        Field("created", Cell(time: object["created"])),
      ], closing: closing)
  }

  static let keys = [
    "id", "customer", "type", "brand", "last4", "exp_month", "exp_year", "is_default", "created",
  ]

  static let columns = [
    Column.id("ID", "id"), Column("TYPE", "type"), Column("CARD") { Cell(JSON(card($0))) },
    Column("EXPIRES") { Cell(JSON(expiry($0))) }, Column("DEFAULT", "is_default"),
    .time("CREATED", "created"),
  ]

  /// `visa 4242`; nil for what is no card.
  static func card(_ object: JSON) -> String? {
    guard let brand = object["brand"]?.string, let last4 = object["last4"]?.string else {
      return nil
    }
    return "\(brand) \(last4)"
  }

  /// `07/2031`.
  private static func expiry(_ object: JSON) -> String? {
    guard let month = object["exp_month"]?.integer, let year = object["exp_year"]?.integer else {
      return nil
    }
    return "\(month < 10 ? "0" : "")\(month)/\(year)"
  }
}
