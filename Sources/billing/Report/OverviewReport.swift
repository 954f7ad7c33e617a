import Basics
import BillingCore
import Stripe

/// A customer on one screen: who and on what, how much of it is used, what was billed.
struct OverviewReport: Report {
  private let view: OverviewView
  private let json: JSONObject

  init(_ view: OverviewView) {
    self.view = view
    json = view.json
  }

  var data: ReportData { .object(json) }

  var human: HumanForm {
    var sections: [HumanForm] = [.details(fields)]
    let limits = limitRows
    if !limits.isEmpty { sections.append(.rows(Self.limitColumns, limits)) }
    if let invoices = json["invoices"]?.array, !invoices.isEmpty {
      sections.append(.rows(Self.invoiceColumns, invoices))
    }
    if let plans = json["plans"]?.array, !plans.isEmpty {
      sections.append(.rows(planColumns, plans))
    }
    return .sections(sections)
  }

  private var fields: [Field] {
    let customer = view.picture.customer
    let who = [customer.name, customer.email, customer.externalID].compactMap { $0 }
    var fields = [
      Field("customer", "\(who.joined(separator: ", ")) (\(customer.id))"),
      Field("plan", plan), Field("status", status),
    ]
    if let billedPlan { fields.append(Field("subscription", billedPlan)) }
    if let own = ownGrants { fields.append(Field("own grants", own)) }
    for (title, key) in [
      ("trial ends", "trial_ends_on"), ("next bill", "next_billing_date"), ("ends", "cancels_on"),
    ] where json[key]?.isNull == false {
      fields.append(Field(title, Cell(time: json[key])))
    }
    let tokens = view.picture.tokens
    if tokens != TokenBalance(customerID: customer.id) {
      fields.append(Field("tokens", PlanWords.number(tokens.balance)))
    }
    fields.append(Field("card", card))
    if customer.balance != 0 {
      let isCredit = customer.balance < 0
      let amount = Cell(
        money: .integer(customer.balance.magnitudeClamped), currency: JSON(customer.currency)
      ).text
      fields.append(Field("balance", "\(amount) \(isCredit ? "in their favour" : "owed")"))
    }
    return fields
  }

  /// `Team, $99.00 a month`, where the rights are what is paid for; else the plan's name alone.
  private var plan: String {
    let name = view.planName ?? "-"
    guard let bill, view.subscription?["plan"] == JSON(view.picture.current.planID) else {
      return name
    }
    return "\(name), \(bill)"
  }

  /// What is billed for where that is not the plan whose rights hold.
  private var billedPlan: String? {
    guard let bill, let subscription = view.subscription,
      subscription["plan"] != JSON(view.picture.current.planID)
    else { return nil }
    return "\(Cell(subscription["plan_name"] ?? subscription["plan"]).text), \(bill)"
  }

  /// `$99.00 a month, times 3`.
  private var bill: String? {
    guard let subscription = view.subscription, let interval = json["interval"]?.string,
      let amount = subscription["unit_amount"]?.integer
    else { return nil }
    let money = MoneyText.of(amount, subscription["currency"]?.string ?? "")
    let quantity = subscription["quantity"]?.integer ?? 1
    let every = interval.contains(" ") ? "every \(interval)" : "a \(interval)"
    return "\(money) \(every)" + (quantity == 1 ? "" : ", times \(quantity)")
  }

  /// The status, and what it means for the rights where that is not plain.
  private var status: Cell {
    let current = view.picture.current
    let cell = Cell(status: .string(current.status))
    if let end = current.graceUntil {
      return Cell(
        "\(cell.text): a payment is due, access is kept until \(end.iso8601Date)", cell.color)
    }
    guard let planID = current.unpaidPlanID else { return cell }
    let name = view.catalogue.plan(planID)?.name ?? planID
    return Cell("\(cell.text): a payment for \(name) is due, so its rights have ended", .red)
  }

  private var ownGrants: String? {
    let own = view.picture.own.filter { $0.isInForce(at: view.picture.now) }
    guard !own.isEmpty else { return nil }
    return own.map { entitlement in
      let end = entitlement.until.map { " until \($0.iso8601Date)" } ?? ""
      return "\(entitlement.featureID) \(Cell(entitlement.value).text)\(end)"
    }.joined(separator: ", ")
  }

  private var card: String? {
    guard let method = view.picture.paymentMethod else { return nil }
    guard let card = method.card else { return method.type }
    let month = "\(card.expMonth < 10 ? "0" : "")\(card.expMonth)"
    return "\(card.brand) ending in \(card.last4), expires \(month)/\(card.expYear)"
  }

  // MARK: Tables

  private var limitRows: [JSON] {
    view.heldLimits.map { limit in
      let used = view.picture.used[limit.id] ?? 0
      let left = limit.maximum.map { PlanWords.number(max(0, $0 - used)) } ?? "unlimited"
      return [
        "name": .string(view.catalogue.displayName(limit.id)),
        "limit": .string(PlanWords.limit(limit)), "used": .string(PlanWords.number(used)),
        "left": .string(left),
      ]
    }
  }

  private static let limitColumns = [
    Column("LIMIT", "name"), Column("ALLOWED", "limit"), Column("USED", "used", alignment: .right),
    Column("LEFT", "left", alignment: .right),
  ]

  private var planColumns: [Column] {
    [
      Column("FOR SALE", "id"), Column("NAME", "name"),
      Column("PRICE") { [catalogue = view.catalogue] plan in
        let prices = plan["id"]?.string.flatMap { catalogue.plan($0) }?.prices ?? []
        return Cell(prices.map { PlanWords.price($0) }.joined(separator: ", "))
      },
    ]
  }

  private static let invoiceColumns = [
    Column("INVOICE") { Cell($0["number"]?.string ?? $0["id"]?.string ?? "-") },
    .status("STATUS"), .money("TOTAL", "total"), InvoiceView.remainingColumn,
    .time("CREATED", "created"),
  ]
}

extension Int64 {
  /// The magnitude, also of the one number that has none in this type.
  fileprivate var magnitudeClamped: Int64 { self == .min ? .max : abs(self) }
}
