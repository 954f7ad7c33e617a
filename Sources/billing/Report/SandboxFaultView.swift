import Basics

/// A fault of the sandbox as the commands show it.
enum SandboxFaultView {
  static let keys = ["id", "kind", "path", "count", "probability", "delay_seconds", "struck"]

  static let columns = [
    Column("ID", "id"), Column("KIND", "kind"), Column("PATH", "path"),
    Column("COUNT", "count", alignment: .right),
    Column("PROBABILITY", "probability", alignment: .right),
    Column("STRUCK", "struck", alignment: .right),
  ]

  static func fields(_ fault: JSON) -> [Field] {
    [
      Field("Fault", fault["id"]), Field("Kind", fault["kind"]), Field("Path", fault["path"]),
      Field("Count", fault["count"]), Field("Probability", fault["probability"]),
    ]
  }
}
