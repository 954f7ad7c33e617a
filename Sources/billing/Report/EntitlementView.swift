import Basics
import BillingCore

/// What one customer was granted of its own, as it is shown:
/// `id customer feature value until note actor status created`.
enum EntitlementView {
  static let keys = [
    "id", "customer", "feature", "value", "until", "note", "actor", "status", "created",
  ]

  /// `active`, `lapsed` (its `until` is past), `replaced` (a later one counts) or `removed` (this
  /// one took a grant back).
  static func json(
    _ entitlement: OwnEntitlement, isNewest: Bool, at now: Timestamp
  ) -> JSONObject {
    let status =
      entitlement.value == nil
      ? "removed"
      : !isNewest ? "replaced" : entitlement.isInForce(at: now) ? "active" : "lapsed"
    return [
      "id": .integer(entitlement.id), "customer": .string(entitlement.customerID),
      "feature": .string(entitlement.featureID), "value": entitlement.value ?? .null,
      "until": JSON(entitlement.until), "note": JSON(entitlement.note),
      "actor": .string(entitlement.actor), "status": .string(status),
      "created": JSON(entitlement.created),
    ]
  }

  static func report(_ json: JSONObject, closing: String) -> ObjectReport {
    ObjectReport(
      object: json,
      fields: [
        Field("customer", json["customer"]), Field("feature", json["feature"]),
        Field("value", json["value"]), Field("until", Cell(time: json["until"])),
        Field("note", json["note"]), Field("by", json["actor"]),
        Field("status", Cell(status: json["status"])),
        Field("created", Cell(time: json["created"])),
      ],
      closing: closing)
  }

  static let columns = [
    Column.id("CUSTOMER", "customer"), Column("FEATURE", "feature"), Column("VALUE", "value"),
    .time("UNTIL", "until"), .status("STATUS"), Column("BY", "actor").leaving(1),
    Column.time("AT", "created").leaving(2),
    Column("NOTE", "note"),
  ]
}
