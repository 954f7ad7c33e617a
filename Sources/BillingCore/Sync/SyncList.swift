import Basics
import Stripe

/// One of Stripe's lists; all of them together have what the mirror keeps.
struct SyncList: Sendable {
  /// As people read it, and under which it is kept how far it was read: `customers 2/4`.
  let name: String
  /// The type of its objects.
  let type: String
  let path: StripePath
  private(set) var parameters: JSONObject

  private init(_ name: String, _ type: String, _ path: StripePath, _ parameters: JSONObject = [:]) {
    (self.name, self.type, self.path, self.parameters) = (name, type, path, parameters)
  }

  /// The list that an earlier run left, from behind the last object that it took.
  func parameters(after id: String?) -> JSONObject {
    guard let id else { return parameters }
    var parameters = parameters
    parameters["starting_after"] = .string(id)
    return parameters
  }

  // MARK: Which there are

  /// The lists of an account. What lives on test clocks is in none of them.
  ///
  /// - Parameter started: when the reading began: the long lists are cut by age into parts, which
  ///   are read beside each other.
  static func all(
    _ configuration: StripeClient.Configuration, started: Timestamp
  ) -> [SyncList] {
    catalogue + sales(configuration).flatMap { $0.parts(started) }
      + [
        SyncList("schedules", "subscription_schedule", StripePath("subscription_schedules")),
        SyncList("refunds", "refund", StripePath("refunds")),
      ]
      + (configuration.key?.mode == .live
        ? []
        : [
          SyncList(
            "test clocks", "test_helpers.test_clock", StripePath("test_helpers", "test_clocks"))
        ])
  }

  /// Prices are asked for twice: Stripe's reference says that it lists the active ones where nothing
  /// is said.
  private static let catalogue = [
    SyncList("products", "product", StripePath("products")),
    SyncList("prices", "price", StripePath("prices"), ["active": true]),
    SyncList("inactive prices", "price", StripePath("prices"), ["active": false]),
    SyncList("coupons", "coupon", StripePath("coupons")),
    SyncList("promotion codes", "promotion_code", StripePath("promotion_codes")),
    SyncList("meters", "billing.meter", StripePath("billing", "meters")),
    SyncList("features", "entitlements.feature", StripePath("entitlements", "features")),
  ]

  private static func sales(_ configuration: StripeClient.Configuration) -> [SyncList] {
    [
      SyncList("customers", "customer", StripePath("customers")),
      subscriptions(configuration),
      SyncList("invoices", "invoice", StripePath("invoices")),
      SyncList("payments", "payment_intent", StripePath("payment_intents")),
      SyncList("charges", "charge", StripePath("charges")),
      SyncList("checkout pages", "checkout.session", StripePath("checkout", "sessions")),
    ]
  }

  private static func subscriptions(_ configuration: StripeClient.Configuration) -> SyncList {
    let expand = configuration.discountExpansions.map { JSON.string("data.\($0)") }
    return SyncList(
      "subscriptions", "subscription", StripePath("subscriptions"),
      ["status": "all", "expand": .array(expand)])
  }

  /// Payment methods are listed customer by customer.
  static func paymentMethods(of customerID: String) -> SyncList {
    SyncList(
      "payment methods", "payment_method", StripePath("customers", customerID, "payment_methods"))
  }

  /// What a test clock has: its customers and their subscriptions.
  static func all(
    ofTestClock id: String, _ configuration: StripeClient.Configuration
  ) -> [SyncList] {
    sales(configuration).prefix(2).map { $0.narrowed("test_clock", to: id) }
  }

  /// What else a customer on a test clock has.
  static func all(
    ofClockCustomer id: String, _ configuration: StripeClient.Configuration
  ) -> [SyncList] {
    let schedules = SyncList(
      "schedules", "subscription_schedule", StripePath("subscription_schedules"))
    return (sales(configuration).dropFirst(2) + [schedules]).map { $0.narrowed("customer", to: id) }
  }

  private func narrowed(_ parameter: String, to value: String) -> SyncList {
    var list = self
    list.parameters[parameter] = .string(value)
    return list
  }

  // MARK: Parts

  /// The ages in days at which a list is cut: about as much falls into each part.
  private static let cuts: [Int64] = [30, 120, 365]

  private func parts(_ started: Timestamp) -> [SyncList] {
    let moments = Self.cuts.map { started.seconds - $0 * 86_400 }
    return (0...moments.count).map { index in
      var bounds = JSONObject()
      if index < moments.count { bounds["gte"] = .integer(moments[index]) }
      if index > 0 { bounds["lt"] = .integer(moments[index - 1]) }
      var parameters = parameters
      parameters["created"] = .object(bounds)
      return SyncList("\(name) \(index + 1)/\(moments.count + 1)", type, path, parameters)
    }
  }
}
