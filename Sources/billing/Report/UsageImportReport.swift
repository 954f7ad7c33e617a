import Basics
import BillingCore
private import Foundation

/// The object `usage import summary` of the contract.
struct UsageImportReport: Report {
  private let counts: UsageImporting.Counts
  private let milliseconds: Int64
  let outcome: Outcome

  init(_ counts: UsageImporting.Counts, milliseconds: Int64, isStopped: Bool) {
    self.counts = counts
    self.milliseconds = milliseconds
    let refused = counts.rejected + counts.conflicts
    outcome =
      if isStopped {
        .failed(
          CommandError(
            "interrupted", "stopped; what is done is kept, and run again it goes on",
            exit: .interrupted))
      } else if refused > 0 {
        .failed(.partial("\(refused) of \(counts.read) lines were not taken"))
      } else {
        .done
      }
  }

  var data: ReportData {
    .object([
      "read": JSON(counts.read), "accepted": JSON(counts.accepted),
      "duplicates": JSON(counts.duplicates), "conflicts": JSON(counts.conflicts),
      "rejected": JSON(counts.rejected),
      "elapsed_seconds": .decimal(Decimal(milliseconds) / 1000),
    ])
  }

  var human: HumanForm {
    let rate = milliseconds > 0 ? Int64(counts.read) * 1000 / milliseconds : 0
    return .details([
      Field("Read", JSON(counts.read)), Field("Accepted", JSON(counts.accepted)),
      Field("Duplicates", JSON(counts.duplicates)),
      Field("Conflicts", Cell("\(counts.conflicts)", counts.conflicts > 0 ? .red : nil)),
      Field("Rejected", Cell("\(counts.rejected)", counts.rejected > 0 ? .red : nil)),
      Field("Time", "\(Decimal(milliseconds) / 1000) s, \(rate) lines/s"),
    ])
  }
}
