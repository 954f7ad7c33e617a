import Basics
import BillingCore
import Stripe

/// The object `customer` of the contract.
enum CustomerView {
  static func json(_ customer: CustomerRow, _ plan: CurrentPlan) -> JSONObject {
    [
      "id": .string(customer.id), "email": JSON(customer.email), "name": JSON(customer.name),
      "external_id": JSON(customer.externalID), "plan": JSON(plan.planID),
      "status": .string(plan.status), "balance": .integer(customer.balance),
      "currency": JSON(customer.currency), "delinquent": .bool(customer.isDelinquent),
      "metadata": metadataJSON(customer.metadata),
      "created": JSON(customer.created),
      "deleted": .bool(customer.isDeleted),
    ]
  }

  static func report(
    _ customer: CustomerRow, _ plan: CurrentPlan, closing: String? = nil
  ) -> ObjectReport {
    let json = json(customer, plan)
    return ObjectReport(
      object: json,
      fields: [
        Field("id", customer.id), Field("email", customer.email), Field("name", customer.name),
        Field("external id", customer.externalID), Field("plan", plan.planID),
        Field("status", Cell(status: .string(plan.status))),
        Field(
          "balance",
          Cell(money: json["balance"], currency: json["currency"])),
        Field("metadata", metadataText(customer.metadata)),
        Field("created", Cell(time: json["created"])),
      ],
      closing: closing)
  }

  private static func metadataText(_ metadata: [String: String]) -> String {
    metadata.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }

  static let columns = [
    Column.id("ID", "id"), Column("EMAIL", "email"), Column("NAME", "name").leaving(1),
    Column.id("EXTERNAL ID", "external_id"), Column("PLAN", "plan"), .status("STATUS"),
    Column.time("CREATED", "created").leaving(2),
  ]

  static let keys = [
    "id", "email", "name", "external_id", "plan", "status", "balance", "currency", "delinquent",
    "metadata", "created", "deleted",
  ]
}
