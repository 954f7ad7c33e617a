import Basics
import BillingCore

/// The objects `token balance` and `token entry` of the contract.
enum TokenView {
  static let entryKeys = [
    "id", "customer", "kind", "amount", "balance_after", "reference", "note", "created",
  ]

  static func json(_ entry: TokenEntry) -> JSONObject {
    [
      "id": JSON(entry.id), "customer": .string(entry.customerID),
      "kind": .string(entry.kind.rawValue), "amount": .integer(entry.amount),
      "balance_after": .integer(entry.balanceAfter), "reference": .string(entry.reference),
      "note": JSON(entry.note), "created": JSON(entry.created),
    ]
  }

  static func json(_ balance: TokenBalance) -> JSONObject {
    [
      "customer": .string(balance.customerID), "balance": .integer(balance.balance),
      "purchased": .integer(balance.purchased), "consumed": .integer(balance.consumed),
      "granted": .integer(balance.granted), "refunded": .integer(balance.refunded),
      "expired": .integer(balance.expired),
    ]
  }

  static func report(_ entry: JSONObject, closing: String) -> ObjectReport {
    ObjectReport(
      object: entry,
      fields: [
        Field("id", entry["id"]), Field("customer", entry["customer"]),
        Field("kind", entry["kind"]), Field("amount", number(entry["amount"])),
        Field("balance", number(entry["balance_after"])), Field("reference", entry["reference"]),
        Field("note", entry["note"]), Field("created", Cell(time: entry["created"])),
      ], closing: closing)
  }

  static func report(_ balance: TokenBalance) -> ObjectReport {
    let json = json(balance)
    var fields = [
      Field("customer", json["customer"]), Field("balance", number(json["balance"])),
    ]
    for key in ["purchased", "granted", "consumed", "refunded", "expired"]
    where json[key] != 0 || key == "purchased" || key == "consumed" {
      fields.append(Field(key, number(json[key])))
    }
    return ObjectReport(object: json, fields: fields)
  }

  /// `1,000 tokens`
  static func words(_ tokens: Int64) -> String {
    "\(PlanWords.number(tokens)) \(tokens == 1 ? "token" : "tokens")"
  }

  static let columns = [
    Column.time("AT", "created"), Column("KIND", "kind"),
    Column("AMOUNT", alignment: .right) { number($0["amount"]) },
    Column("BALANCE", alignment: .right) { number($0["balance_after"]) },
    Column("REFERENCE", "reference"), Column("NOTE", "note").leaving(1),
  ]

  private static func number(_ value: JSON?) -> Cell {
    Cell(value?.integer.map { PlanWords.number($0) } ?? "-")
  }
}
