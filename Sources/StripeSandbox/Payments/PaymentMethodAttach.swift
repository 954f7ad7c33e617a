import Basics

/// Giving cards to customers and taking them away:
/// `POST /v1/payment_methods/{id}/attach` and `…/detach`.
enum PaymentMethodAttach {
  static func attach(_ call: Call) throws -> JSON {
    try call.accept(only: "customer")
    let method = try PaymentMethods.resolved(
      call.id, call, parameter: "payment_method", status: 404)
    guard let customer = call.string("customer") else {
      throw SandboxError.missingParameter("customer")
    }
    let owner = try Customers.referenced(customer, call)
    if method.string("customer") == owner.id { return .object(method) }
    return .object(try store(try attached(method, to: owner.id), call))
  }

  /// What a method becomes when it is attached; a card that the bank refuses is not.
  static func attached(_ method: JSONObject, to customer: String) throws -> JSONObject {
    guard method.string("customer") == nil else {
      throw SandboxError.invalid(
        "The payment method you provided has already been attached to a customer.",
        code: "payment_method_already_attached")
    }
    try requireUsable(method)
    if case .declined(let decline) = PaymentMethods.testCard(of: method)?.behaviour {
      throw decline.attachError
    }
    return method.setting(["customer": .string(customer)])
  }

  /// Refuses a card that has been taken from its customer, or has paid for nobody.
  static func requireUsable(_ method: JSONObject) throws {
    guard method.bool("_detached") == true else { return }
    throw SandboxError.invalid(
      """
      This PaymentMethod was previously used without being attached to a Customer or was \
      detached from a Customer, and may not be used again.
      """)
  }

  /// Notes that a card may be charged later without its customer, and gives it to a customer whose
  /// it is not yet.
  static func setUp(
    _ method: JSONObject, for customer: String?, usage: String, _ call: Call
  ) throws {
    var kept = method
    if usage == "off_session" { kept["_set_up"] = true }
    if let customer, method.string("customer") == nil {
      kept["customer"] = .string(customer)
      try store(kept, call)
    } else {
      try call.save(kept)
    }
  }

  /// Stores a method that was attached.
  @discardableResult
  static func store(_ method: JSONObject, _ call: Call) throws -> JSONObject {
    guard try call.find("payment_method", method.id) != nil else {
      return try call.create(method, event: "payment_method.attached")
    }
    try call.save(method)
    try call.emit("payment_method.attached", method)
    return method
  }

  /// Takes a card from its customer for good, also where it is a default.
  static func detach(_ call: Call) throws -> JSON {
    try call.accept(only: "expand")
    let method = try PaymentMethods.resolved(
      call.id, call, parameter: "payment_method", status: 404)
    guard let customerID = method.string("customer") else {
      throw SandboxError.invalid(
        """
        The payment method you provided is not attached to a customer so detachment is impossible.
        """)
    }
    let detached = method.setting(["customer": .null, "_detached": true])
    try call.become(method, detached, "payment_method.detached")
    if let customer = try call.find("customer", customerID),
      customer.object("invoice_settings")?.string("default_payment_method") == method.id
    {
      let changed = customer.setting(["default_payment_method": .null], in: "invoice_settings")
      try call.update(customer, to: changed, event: "customer.updated")
    }
    for stored in try call.all("subscription", where: ["customer": .string(customerID)])
    where stored.string("default_payment_method") == method.id {
      let subscription = try Subscriptions.current(stored, call)
      let changed = subscription.setting(["default_payment_method": .null])
      try call.update(subscription, to: changed, event: "customer.subscription.updated")
    }
    return .object(detached)
  }
}
