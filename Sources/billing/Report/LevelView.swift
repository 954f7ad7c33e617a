import Basics
import BillingCore

/// How many of a level a customer holds: `customer level held limit remaining`.
enum LevelView {
  static func json(_ levelID: String, held: Int64, _ gate: Gate) -> JSONObject {
    let decision = gate.decide(levelID, used: held)
    return [
      "customer": .string(gate.customerID), "level": .string(levelID), "held": .integer(held),
      "limit": JSON(decision?.limit?.maximum), "remaining": JSON(decision?.remaining),
    ]
  }

  static func report(_ json: JSONObject) -> ObjectReport {
    let (held, limit) = (json["held"]?.integer ?? 0, json["limit"]?.integer)
    return ObjectReport(
      object: json,
      fields: [
        Field("customer", json["customer"]), Field("level", json["level"]),
        Field("held", json["held"]), Field("limit", Cell(json["limit"].unlimited)),
        Field("remaining", Cell(json["remaining"].unlimited)),
      ],
      closing: limit.map { held > $0 } == true ? "More is held than the plan allows." : nil)
  }
}
