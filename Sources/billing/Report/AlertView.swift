import Basics
import BillingCore

/// The object `alert` of the contract.
enum AlertView {
  static let keys = ["customer", "type", "used", "limit", "percent", "severity", "message"]

  static func json(_ alert: UsageAlert) -> JSONObject {
    [
      "customer": .string(alert.customerID), "type": .string(alert.meter.id),
      "used": .integer(alert.used), "limit": .integer(alert.limit),
      "percent": .integer(alert.percent),
      "severity": .string(alert.isCritical ? "critical" : "warning"),
      "message": .string(message(alert)),
    ]
  }

  private static func message(_ alert: UsageAlert) -> String {
    let words = "\(alert.meter.name): \(alert.used) of \(alert.limit) used"
    guard alert.overage > 0, let amount = alert.overageAmount else { return words }
    let cost = MoneyText.of(amount, alert.currency)
    return words + ", \(alert.overage) beyond what is included for \(cost)"
  }

  static let columns = [
    Column.id("CUSTOMER", "customer"), Column("TYPE", "type"),
    Column("USED", "used", alignment: .right), Column("LIMIT", "limit", alignment: .right),
    Column("%", "percent", alignment: .right),
    Column("SEVERITY") { row in
      Cell(row["severity"]?.string ?? "-", row["severity"] == "critical" ? .red : .yellow)
    },
    .sentence("MESSAGE", "message"),
  ]
}
