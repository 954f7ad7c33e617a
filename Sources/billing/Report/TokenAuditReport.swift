import Basics
import BillingCore

/// What the ledger of tokens adds up to, and where it does not.
struct TokenAuditReport: Report {
  let audit: TokenAudit

  private var differences: [JSON] {
    audit.differences.map {
      [
        "customer": .string($0.customerID), "check": .string($0.check.rawValue),
        "expected": .integer($0.expected), "found": .integer($0.found),
      ]
    }
  }

  private var uncredited: [JSON] {
    audit.uncredited.map {
      [
        "payment": .string($0.payment), "customer": .string($0.customerID),
        "package": .string($0.packageID),
      ]
    }
  }

  var data: ReportData {
    let totals = audit.totals
    return .object([
      "clean": .bool(audit.isClean), "customers": .integer(audit.customers),
      "entries": .integer(audit.entries), "balance": .integer(totals.balance),
      "purchased": .integer(totals.purchased), "consumed": .integer(totals.consumed),
      "granted": .integer(totals.granted), "refunded": .integer(totals.refunded),
      "expired": .integer(totals.expired), "missed": .integer(audit.missed),
      "differences": .array(differences), "uncredited": .array(uncredited),
    ])
  }

  var human: HumanForm {
    let totals = audit.totals
    var fields = [
      Field("customers", PlanWords.number(audit.customers)),
      Field("entries", PlanWords.number(audit.entries)),
      Field("purchased", PlanWords.number(totals.purchased)),
      Field("granted", PlanWords.number(totals.granted)),
      Field("consumed", PlanWords.number(totals.consumed)),
      Field("refunded", PlanWords.number(totals.refunded)),
      Field("expired", PlanWords.number(totals.expired)),
      Field("balance", PlanWords.number(totals.balance)),
    ]
    if audit.missed > 0 {
      fields.append(
        Field("missed", "\(PlanWords.number(audit.missed)) used before their payment was refunded"))
    }
    var sections: [HumanForm] = [.details(fields)]
    if !differences.isEmpty { sections.append(.rows(Self.differenceColumns, differences)) }
    if !uncredited.isEmpty { sections.append(.rows(Self.uncreditedColumns, uncredited)) }
    if audit.isClean { sections.append(.text("Everything adds up.")) }
    return .sections(sections)
  }

  private static let differenceColumns = [
    Column.id("CUSTOMER", "customer"), Column("CHECK", "check"),
    Column("EXPECTED", "expected", alignment: .right), Column("FOUND", "found", alignment: .right),
  ]

  private static let uncreditedColumns = [
    Column.id("NOT CREDITED", "payment"), Column.id("CUSTOMER", "customer"),
    Column("PACKAGE", "package"),
  ]

  var outcome: Outcome {
    if !audit.differences.isEmpty {
      let count = audit.differences.count
      return .failed(
        .drift(
          "the ledger of tokens does not add up: \(count) "
            + (count == 1 ? "difference" : "differences"),
          hint:
            "nothing of billing's writes it so: look for who changed the file, and compare with "
            + "a backup"))
    }
    guard !audit.uncredited.isEmpty else { return .done }
    return .failed(.drift(audit.uncreditedWords, hint: TokenAudit.uncreditedHint))
  }
}

extension TokenAudit {
  /// A payment for a package that neither the payment nor plans.yaml says how many tokens it has.
  var uncreditedWords: String {
    uncredited.count == 1
      ? "a payment for \(uncredited[0].packageID) is not credited: plans.yaml has no such package"
      : "\(uncredited.count) payments are not credited: plans.yaml does not have their packages"
  }

  static let uncreditedHint =
    "put the package into plans.yaml, then billing webhook replay --id EVENT --force"
}
