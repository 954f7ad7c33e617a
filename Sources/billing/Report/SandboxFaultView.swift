import Basics

/// A fault of the sandbox as the commands show it.
enum SandboxFaultView {
  static let keys = [
    "id", "kind", "path", "count", "probability", "delay_seconds", "struck", "created",
  ]

  static let columns = [
    Column.id("ID", "id"), Column("KIND", "kind"), Column("PATH", "path"),
    Column("COUNT", "count", alignment: .right),
    Column("PROBABILITY", "probability", alignment: .right),
    Column("STRUCK", "struck", alignment: .right),
  ]

  static func json(_ fault: JSON) -> JSONObject {
    var shown = JSONObject(uniqueKeysWithValues: keys.map { ($0, fault[$0] ?? .null) })
    shown["created"] = JSON(fault["created"]?.integer.map { Timestamp($0) })
    return shown
  }

  static func report(_ fault: JSON) -> ObjectReport {
    ObjectReport(
      object: json(fault),
      fields: [
        Field("Fault", fault["id"]), Field("Kind", fault["kind"]), Field("Path", fault["path"]),
        Field("Count", fault["count"]), Field("Probability", fault["probability"]),
      ])
  }
}
