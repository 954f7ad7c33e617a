import Basics

/// What one line of a batch came to: the object of the contract that `apply` and `import` share.
struct LineResult: Sendable {
  enum Status: String, Sendable {
    case done
    case alreadyDone = "already_done"
    case failed
  }

  /// As editors count; nil for what the file does not have.
  var line: Int?
  var operation: String
  var customer: String?
  var status: Status
  var error: CommandError?
  var result: JSON = .null

  static let keys = ["line", "operation", "customer", "status", "error", "result"]

  static let columns = [
    Column("LINE", "line", alignment: .right), Column("OPERATION", "operation"),
    Column.id("CUSTOMER", "customer"), .status("STATUS"), Column("ERROR", "error", "message"),
  ]

  var json: JSON {
    [
      "line": JSON(line), "operation": .string(operation), "customer": JSON(customer),
      "status": .string(status.rawValue), "error": error?.json["error"] ?? .null,
      "result": result,
    ]
  }
}
