import Basics

/// Who pays: `/v1/customers`.
enum Customers: Resource {
  static let types = [
    ResourceType(
      "customer", idPrefix: "cus", indexed: ["email", "test_clock"],
      expandable: [
        "default_source": .reference("source"),
        "invoice_settings.default_payment_method": .reference("payment_method"),
        "test_clock": .reference("test_helpers.test_clock"),
        "discount": .embedded("discount"),
        "discount.source.coupon": .reference("coupon"),
        "invoice_credit_balance": .computed(nil) { _, customer in
          CustomerBalance.byCurrency(customer)
        },
        "tax": .computed(nil) { _, _ in
          ["automatic_tax": "unrecognized_location", "location": .null, "provider": "stripe"]
        },
        "cash_balance": .computed(nil) { _, _ in .null },
        "sources": .computed("source") { _, customer in
          .list([], url: "/v1/customers/\(customer.id)/sources")
        },
        "tax_ids": .computed("tax_id") { _, customer in
          .list([], url: "/v1/customers/\(customer.id)/tax_ids")
        },
        "subscriptions": .computed("subscription", subscriptions),
      ])
  ]

  static let operations: [Operation] = [
    .post("/v1/customers", create),
    .get("/v1/customers", list),
    .get("/v1/customers/search", CustomerSearch.run),
    .get("/v1/customers/{id}", retrieve),
    .post("/v1/customers/{id}", update),
    .delete("/v1/customers/{id}", delete),
    .get("/v1/customers/{id}/payment_methods", PaymentMethods.listOfCustomer),
    .get("/v1/customers/{id}/payment_methods/{id}", PaymentMethods.retrieveOfCustomer),
  ]

  /// The fields that are taken as they come.
  private static let plainFields = [
    "business_name", "description", "email", "individual_name", "name", "phone",
  ]

  static let template = JSONObject.template(
    """
    {"id":"","object":"customer","address":null,"balance":0,"business_name":null,"created":0,
    "currency":null,"customer_account":null,"default_source":null,"delinquent":false,
    "description":null,"discount":null,"email":null,"individual_name":null,"invoice_prefix":"",
    "invoice_settings":{"custom_fields":null,"default_payment_method":null,"footer":null,
    "rendering_options":null},"livemode":false,"metadata":{},"name":null,
    "next_invoice_sequence":1,"phone":null,"preferred_locales":[],"shipping":null,
    "tax_exempt":"none","test_clock":null}
    """)
}

// MARK: Operations

extension Customers {
  static func create(_ call: Call) throws -> JSON {
    try accept(call, more: ["payment_method", "test_clock"])
    var customer = template.setting([
      "id": .string(call.newID("cus")), "created": .time(call.now),
      "invoice_prefix": .string(call.newToken(length: 8).uppercased()),
    ])
    if let clock = call.string("test_clock") {
      let found = try call.referenced("test_helpers.test_clock", clock, parameter: "test_clock")
      customer["test_clock"] = .string(found.id)
    }
    try apply(call, to: &customer)
    customer["metadata"] = try call.newMetadata()
    var attached: JSONObject?
    if let given = call.string("payment_method") {
      let method = try PaymentMethods.resolved(given, call, parameter: "payment_method")
      attached = try PaymentMethodAttach.attached(method, to: customer.id)
    }
    let wanted = call.object("invoice_settings")?.string("default_payment_method")
    if let wanted, !wanted.isEmpty {
      // The token of the method that this very call attaches stands for the attached method.
      guard let attached, wanted == attached.id || wanted == call.string("payment_method") else {
        throw PaymentMethods.notAttached(
          wanted, parameter: "invoice_settings[default_payment_method]")
      }
      customer = customer.setting(
        ["default_payment_method": .string(attached.id)], in: "invoice_settings")
    }
    try call.create(customer, event: "customer.created")
    try CustomerBalance.note(customer, since: 0, type: "initial", call)
    try applyDiscount(call, to: &customer)
    if let attached { try PaymentMethodAttach.store(attached, call) }
    return .object(customer)
  }

  private static func update(_ call: Call) throws -> JSON {
    try accept(call, more: ["default_source"])
    let customer = try call.required("customer")
    var changed = customer
    try apply(call, to: &changed)
    changed["metadata"] = try call.mergedMetadata(of: customer)
    if let wanted = call.object("invoice_settings")?["default_payment_method"] {
      let parameter = "invoice_settings[default_payment_method]"
      let id = try wanted.string.flatMap { id in
        try id.isEmpty
          ? nil : PaymentMethods.attached(id, to: customer.id, call, parameter: parameter).id
      }
      changed = changed.setting(["default_payment_method": JSON(id)], in: "invoice_settings")
    }
    try CustomerBalance.note(
      changed, since: customer.integer("balance") ?? 0, type: "adjustment", call)
    try applyDiscount(call, to: &changed)
    return .object(try call.update(customer, to: changed, event: "customer.updated"))
  }

  /// A deleted customer answers its remains.
  private static func retrieve(_ call: Call) throws -> JSON {
    guard let customer = try call.findEvenDeleted("customer", call.id) else {
      throw SandboxError.missing("customer", id: call.id)
    }
    return .object(customer)
  }

  private static func list(_ call: Call) throws -> JSON {
    try call.list(
      "customer", matching: ["email": call["email"], "test_clock": call["test_clock"]])
  }

  /// Deletes the customer and cancels what runs, at once.
  static func delete(_ call: Call) throws -> JSON {
    let customer = try call.required("customer")
    for subscription in try call.all("subscription", where: ["customer": .string(customer.id)])
    where !SubscriptionStatus.isTerminal(subscription) {
      try SubscriptionCancel.end(try Subscriptions.current(subscription, call), call)
    }
    return try call.delete(
      try call.required("customer"), event: "customer.deleted", keepsRemains: true)
  }

  private static func accept(_ call: Call, more: [String]) throws {
    let names =
      plainFields + more + [
        "address", "shipping", "balance", "invoice_prefix", "invoice_settings", "metadata",
        "next_invoice_sequence", "preferred_locales", "tax_exempt", "expand", "coupon",
        "promotion_code",
      ]
    for name in call.parameters.keys where !names.contains(name) {
      throw SandboxError.invalid(
        "The sandbox does not offer the parameter \(name) of this operation yet.",
        code: "parameter_unsupported", parameter: name)
    }
  }

  @Sendable private static func subscriptions(_ call: Call, _ customer: JSONObject) throws -> JSON {
    let all = try call.all("subscription", where: ["customer": .string(customer.id)])
    let running = try all.filter { !SubscriptionStatus.isTerminal($0) }
      .map { try Subscriptions.current($0, call) }
    return .list(running, url: "/v1/customers/\(customer.id)/subscriptions")
  }
}

// MARK: Fields

extension Customers {
  private static func apply(_ call: Call, to customer: inout JSONObject) throws {
    try checkEmail(call.string("email"))
    for name in plainFields {
      if let value = call[name] { customer[name] = value }
    }
    if let address = call["address"] {
      customer["address"] = address.object.map { Address.complete($0) } ?? .null
    }
    if let shipping = call["shipping"] {
      customer["shipping"] = shipping.object.map { self.shipping($0) } ?? .null
    }
    if let balance = call.integer("balance") { customer["balance"] = .integer(balance) }
    if let exempt = call["tax_exempt"] {
      customer["tax_exempt"] = exempt.isNull ? "none" : exempt
    }
    if let locales = call["preferred_locales"] { customer["preferred_locales"] = locales }
    try applyInvoiceFields(call, to: &customer)
  }

  private static func applyInvoiceFields(_ call: Call, to customer: inout JSONObject) throws {
    if let prefix = call.string("invoice_prefix") {
      guard prefix.wholeMatch(of: /[A-Z0-9]{3,12}/) != nil else {
        throw SandboxError.invalid(
          "Invoice prefixes must be 3 to 12 uppercase letters or numbers.",
          parameter: "invoice_prefix")
      }
      customer["invoice_prefix"] = .string(prefix)
    }
    if let sequence = call.integer("next_invoice_sequence") {
      guard (1...1_000_000_000).contains(sequence) else {
        throw SandboxError.invalid(
          "This value must be greater than or equal to 1.", code: "parameter_invalid_integer",
          parameter: "next_invoice_sequence")
      }
      customer["next_invoice_sequence"] = .integer(sequence)
    }
    for (key, value) in call.object("invoice_settings") ?? [:]
    where key != "default_payment_method" {
      let given = value == "" ? JSON.null : value
      customer = customer.setting([key: given], in: "invoice_settings")
    }
    if let options = customer.object("invoice_settings")?.object("rendering_options") {
      let whole = JSONObject.template(#"{"amount_tax_display":null,"template":null}"#)
      let filled = options.reduce(into: whole) { $0[$1.key] = $1.value == "" ? .null : $1.value }
      customer = customer.setting(["rendering_options": .object(filled)], in: "invoice_settings")
    }
  }

  private static func shipping(_ given: JSONObject) -> JSON {
    [
      "address": Address.complete(given.object("address") ?? [:]), "carrier": .null,
      "name": JSON(given.string("name")), "phone": JSON(given.string("phone")),
      "tracking_number": .null,
    ]
  }

  private static func checkEmail(_ email: String?) throws {
    guard let email else { return }
    let parts = email.split(separator: "@", omittingEmptySubsequences: false)
    let isWhole = parts.allSatisfy { !$0.isEmpty && !$0.contains { $0.isWhitespace } }
    guard parts.count != 2 || !isWhole || email.count > 512 else { return }
    throw SandboxError.invalid(
      "Invalid email address: \(email)", code: "email_invalid", parameter: "email")
  }
}

extension Customers {
  /// Gives a customer a discount for all its invoices, in place of the one it has; the empty text
  /// takes it away. Only API versions before basil have these parameters.
  private static func applyDiscount(_ call: Call, to customer: inout JSONObject) throws {
    guard let given = call["coupon"] ?? call["promotion_code"] else { return }
    if let id = customer.object("discount")?.id, let old = try call.find("discount", id) {
      try DiscountEnd.end(old, call)
      customer["discount"] = .null
    }
    guard !given.isNull else { return }
    let redemption = DiscountRedemption(owner: .customer, customer: customer.id, call: call)
    let discount =
      if let code = call.string("promotion_code") {
        try redemption.discount(ofPromotionCode: code, at: "promotion_code")
      } else { try redemption.discount(ofCoupon: given.string ?? "", at: "coupon") }
    customer["discount"] = .object(discount)
    if try call.find("customer", customer.id) != nil { try call.save(customer) }
  }

  /// The customer that a parameter names.
  static func referenced(_ id: String, _ call: Call) throws -> JSONObject {
    try call.referenced("customer", id, parameter: "customer")
  }

  /// Stores what a customer has become through its invoices and subscriptions, with an event where
  /// something else than its next invoice number changed.
  static func follow(_ call: Call, _ id: String, _ changes: KeyValuePairs<String, JSON>) throws {
    guard let customer = try call.find("customer", id) else { return }
    try call.update(customer, to: customer.setting(changes), event: "customer.updated")
  }
}
