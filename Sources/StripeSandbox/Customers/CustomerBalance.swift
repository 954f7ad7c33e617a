import Basics

/// What a customer has to its credit (below zero) or owes (above zero), and every change of it:
/// `/v1/customers/{id}/balance_transactions`.
enum CustomerBalance: Resource {
  static let types = [
    ResourceType(
      "customer_balance_transaction", idPrefix: "cbtxn", label: "customer balance transaction",
      indexed: ["customer", "invoice", "type"],
      expandable: ["customer": .reference("customer"), "invoice": .reference("invoice")])
  ]

  static let operations: [Operation] = [
    .post("/v1/customers/{id}/balance_transactions", create),
    .get("/v1/customers/{id}/balance_transactions", list),
    .get("/v1/customers/{id}/balance_transactions/{id}", retrieve),
    .post("/v1/customers/{id}/balance_transactions/{id}", update),
  ]

  private static func create(_ call: Call) throws -> JSON {
    let customer = try call.required("customer")
    let currency = try Currency.checked(call.string("currency") ?? "", parameter: "currency")
    guard customer.string("currency").map({ $0 == currency }) ?? true else {
      throw SandboxError.invalid(
        """
        The currency \(currency) does not match the customer's currency, \
        \(customer.string("currency") ?? "").
        """, parameter: "currency")
    }
    let amount = call.integer("amount") ?? 0
    let balance = try Money.sum([customer.integer("balance") ?? 0, amount])
    let transaction = made(
      amount, ending: balance, type: "adjustment", customer: customer.id, currency: currency, call
    ).setting([
      "description": call["description"] ?? .null, "metadata": try call.newMetadata(),
    ])
    try call.insert(transaction)
    try Customers.follow(
      call, customer.id, ["balance": .integer(balance), "currency": .string(currency)])
    return .object(transaction)
  }

  private static func list(_ call: Call) throws -> JSON {
    let customer = try call.required("customer")
    return try call.list(
      "customer_balance_transaction",
      matching: ["customer": .string(customer.id), "invoice": call["invoice"]])
  }

  private static func retrieve(_ call: Call) throws -> JSON { .object(try found(call)) }

  private static func update(_ call: Call) throws -> JSON {
    let transaction = try found(call)
    var changed = transaction
    if let description = call["description"] { changed["description"] = description }
    changed["metadata"] = try call.mergedMetadata(of: transaction)
    try call.save(changed)
    return .object(changed)
  }

  private static func found(_ call: Call) throws -> JSONObject {
    let transaction = try call.required("customer_balance_transaction")
    guard transaction.string("customer") == call.pathIDs.first else {
      throw SandboxError.missing("customer balance transaction", id: call.id)
    }
    return transaction
  }
}

// MARK: Changes

extension CustomerBalance {
  /// Notes that a customer's balance was set by hand, if it was.
  static func note(
    _ customer: JSONObject, since former: Int64, type: String, _ call: Call
  ) throws {
    let balance = customer.integer("balance") ?? 0
    guard balance != former else { return }
    let (amount, overflow) = balance.subtractingReportingOverflow(former)
    guard !overflow else {
      throw SandboxError.invalid("Invalid integer: \(balance)", parameter: "balance")
    }
    try call.insert(
      made(
        amount, ending: balance, type: type, customer: customer.id,
        currency: customer.string("currency") ?? "usd", call))
  }

  /// Notes what issuing an invoice does to the balance.
  static func settle(
    _ settled: InvoiceArithmetic.Settlement, with invoice: JSONObject, _ call: Call
  ) throws {
    let steps = [
      (settled.applied, settled.endingBalance - settled.carried, "applied_to_invoice"),
      (settled.carried, settled.endingBalance, "invoice_too_small"),
    ]
    for (amount, ending, type) in steps where amount != 0 {
      try insert(amount, ending: ending, type: type, of: invoice, call)
    }
  }

  /// Gives back what a balance paid of an invoice that is given up, or asks again for what it
  /// added.
  static func unapply(_ invoice: JSONObject, _ call: Call) throws {
    let applied = try call.all(
      "customer_balance_transaction",
      where: ["invoice": .string(invoice.id), "type": "applied_to_invoice"])
    let amount = try Money.sum(applied.compactMap { $0.integer("amount") })
    guard amount != 0,
      let customer = try call.find("customer", invoice.string("customer") ?? "")
    else { return }
    let balance = try Money.sum([customer.integer("balance") ?? 0, -amount])
    try insert(-amount, ending: balance, type: "unapplied_from_invoice", of: invoice, call)
    try Customers.follow(call, customer.id, ["balance": .integer(balance)])
  }

  private static func insert(
    _ amount: Int64, ending: Int64, type: String, of invoice: JSONObject, _ call: Call
  ) throws {
    let transaction = made(
      amount, ending: ending, type: type, customer: invoice.string("customer") ?? "",
      currency: invoice.string("currency") ?? "usd", call)
    try call.insert(transaction.setting(["invoice": .string(invoice.id)]))
  }

  private static func made(
    _ amount: Int64, ending: Int64, type: String, customer: String, currency: String, _ call: Call
  ) -> JSONObject {
    [
      "id": .string(call.newID("cbtxn", length: 24)), "object": "customer_balance_transaction",
      "amount": .integer(amount), "checkout_session": .null, "created": .time(call.now),
      "credit_note": .null, "currency": .string(currency), "customer": .string(customer),
      "customer_account": .null, "description": .null, "ending_balance": .integer(ending),
      "invoice": .null, "livemode": false, "metadata": [:], "type": .string(type),
    ]
  }

  /// `invoice_credit_balance`: the balance by its currency, where there is one.
  static func byCurrency(_ customer: JSONObject) -> JSON {
    guard let balance = customer.integer("balance"), balance != 0 else { return [:] }
    return [customer.string("currency") ?? "usd": .integer(balance)]
  }
}
