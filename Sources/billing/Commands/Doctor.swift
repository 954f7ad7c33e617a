import Basics
import Stripe

/// `billing doctor`: whether everything is in place, and what to do where it is not.
struct Doctor: Command {
  static let name = "doctor"
  static let summary =
    "Check key, mode, API version, webhook secret, clock, database, ledger and plans"
  static let discussion = """
    Checks what the other commands rely on, one line each, with what helps where something is
    wrong. Asks Stripe for the account and changes nothing. Ends with exit code 8 when a check
    found a fault; a warning is no fault.

    With --go-live it also checks what has to be so before real money moves.
    """
  static let parameters: [Parameter] = [
    .flag("--go-live", "Also check what has to be so before real money moves")
  ]
  static let examples = ["doctor", "doctor --go-live", "--sandbox doctor --json"]

  var goesLive: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    goesLive = arguments.flag("--go-live")
  }

  func run(_ context: Context) async throws -> Output {
    var findings = [keyFinding(context)]
    let hasKey = findings[0].status != .fault
    if hasKey { findings.append(try modeFinding(context)) }
    findings.append(versionFinding(context))
    findings.append(webhookSecretFinding(context))
    if hasKey { findings += await stripeFindings(context) }
    findings.append(databaseFinding(context))
    if let finding = ledgerFinding(context) { findings.append(finding) }
    findings.append(plansFinding(context))
    if let finding = vanishedPlansFinding(context) { findings.append(finding) }
    findings += sellingFindings(context)
    if goesLive { findings += await goLiveFindings(context) }
    context.alertOperators(of: findings)
    return Output(findings: findings)
  }
}

extension Doctor {
  /// What one check found.
  struct Finding: Sendable, Hashable {
    enum Status: String, Sendable { case ok, warning, fault }

    var check: String
    var status: Status
    var message: String
    var hint: String?
    /// The code of the error that a fault is.
    var code = "configuration"

    static func ok(_ check: String, _ message: String) -> Finding {
      Finding(check: check, status: .ok, message: message)
    }

    static func warning(_ check: String, _ message: String, hint: String? = nil) -> Finding {
      Finding(check: check, status: .warning, message: message, hint: hint)
    }

    static func fault(
      _ check: String, _ message: String, hint: String? = nil, code: String = "configuration"
    ) -> Finding {
      Finding(check: check, status: .fault, message: message, hint: hint, code: code)
    }

    /// The fault that an error is.
    static func fault(_ check: String, _ error: any Error) -> Finding {
      let error = CommandError(explaining: error)
      return .fault(check, error.message, hint: error.hint, code: error.code)
    }
  }

  struct Output: Report {
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

    /// What helps stands under what was found.
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
      let checks = faults.map { $0.check }.joined(separator: ", ")
      let message = faults.count == 1 ? "\(first.check): \(first.message)" : "faults in \(checks)"
      return .failed(
        .configuration(first.code, message, hint: faults.count == 1 ? first.hint : nil))
    }
  }
}
