import Basics

/// What one check of the surroundings or the database found.
struct Finding: Sendable, Hashable {
  enum Status: String, Sendable { case ok, warning, fault }

  var check: String
  var status: Status
  var message: String
  var hint: String?
  /// The error that a fault is: its code and how the program ends.
  var code = "configuration"
  var exit = ExitCode.configuration

  static func ok(_ check: String, _ message: String) -> Finding {
    Finding(check: check, status: .ok, message: message)
  }

  static func warning(_ ailment: Ailment, _ message: String) -> Finding {
    Finding(check: ailment.check, status: .warning, message: message, hint: ailment.remedy)
  }

  static func fault(_ ailment: Ailment, _ message: String) -> Finding {
    Finding(
      check: ailment.check, status: .fault, message: message, hint: ailment.remedy,
      code: ailment.code, exit: ailment.exit)
  }

  /// The fault that an error is; an error has words and a hint of its own.
  static func fault(_ check: String, _ error: any Error) -> Finding {
    let error = CommandError(explaining: error)
    return Finding(
      check: check, status: .fault, message: error.message, hint: error.hint, code: error.code)
  }

  /// The same, where the check is not one that matters for what comes.
  static func warning(_ check: String, _ error: any Error) -> Finding {
    let error = CommandError(explaining: error)
    return Finding(check: check, status: .warning, message: error.message, hint: error.hint)
  }
}

/// What was found, one line each, with what helps under it.
struct FindingReport: Report {
  var findings: [Finding]

  var data: ReportData {
    .list(
      Rows(
        source: .array(
          findings.map {
            [
              "check": .string($0.check), "status": .string($0.status.rawValue),
              "message": .string($0.message), "hint": JSON($0.hint),
            ]
          })))
  }

  var human: HumanForm {
    let columns = ["check", "status", "message"].map { key in
      Column(key == "message" ? "WHAT WAS FOUND" : key.uppercased()) { row in
        key == "status" ? Cell(status: row[key] ?? "") : Cell(row[key]?.string ?? "")
      }
    }
    return .rows(
      columns,
      findings.flatMap { finding -> [JSON] in
        let row: JSON = [
          "check": .string(finding.check), "status": .string(finding.status.rawValue),
          "message": .string(finding.message),
        ]
        return [row] + (finding.hint.map { [["status": "hint", "message": .string($0)]] } ?? [])
      })
  }

  var outcome: Outcome {
    let faults = findings.filter { $0.status == .fault }
    guard let first = faults.first else { return .done }
    // Damage is worse than a difference.
    let worst = faults.first { $0.exit == .configuration } ?? first
    let checks = faults.map { $0.check }.joined(separator: ", ")
    let message = faults.count == 1 ? "\(first.check): \(first.message)" : "faults in \(checks)"
    return .failed(
      CommandError(
        worst.code, message, hint: faults.count == 1 ? first.hint : nil, exit: worst.exit))
  }
}
