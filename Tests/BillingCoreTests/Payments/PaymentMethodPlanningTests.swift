import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct PaymentMethodPlanningTests {
  private func method(_ id: String = "pm_1", of customer: String?) throws -> PaymentMethod {
    try PaymentMethod([
      "id": .string(id), "object": "payment_method", "type": "card", "customer": JSON(customer),
      "created": 1_795_000_000, "livemode": false,
    ])
  }

  private func owner(
    _ customerDefault: String? = nil, own: String? = nil, ending: Bool = false,
    metered: Bool = false
  ) throws -> PaymentMethodOwner {
    let subscription = try Subscription(
      Sample.subscription(
        price: Sample.price(metered: metered),
        changing: [
          "default_payment_method": JSON(own), "cancel_at_period_end": .bool(ending),
        ]))
    return PaymentMethodOwner(
      customerID: "cus_1", customerDefault: customerDefault, subscription: subscription)
  }

  private func requests(_ plan: OperationPlan?) -> [String]? {
    plan?.requests.map {
      "\($0.path.segments.dropFirst().joined(separator: "/")) "
        + JSON.object($0.parameters).compact
    }
  }

  @Test func aNewDefaultIsAlsoTheSubscriptionsWhereThatHasItsOwn() throws {
    let bare = try owner("pm_0")
    #expect(
      requests(try PaymentMethodPlanning.attach("pm_card_visa", nil, to: bare, isDefault: true))
        == [
          #"payment_methods/pm_card_visa/attach {"customer":"cus_1"}"#,
          """
          customers/cus_1 {"invoice_settings":{"default_payment_method":"{result of request 1}"}}
          """,
        ])
    let own = try owner("pm_0", own: "pm_2")
    #expect(
      requests(try PaymentMethodPlanning.makeDefault(method(of: "cus_1"), of: own)) == [
        #"customers/cus_1 {"invoice_settings":{"default_payment_method":"pm_1"}}"#,
        #"subscriptions/sub_1 {"default_payment_method":"pm_1"}"#,
      ])
  }

  @Test func whatIsSoAlreadyIsNotSent() throws {
    let settled = try owner("pm_1", own: "pm_1")
    #expect(try PaymentMethodPlanning.makeDefault(method(of: "cus_1"), of: settled) == nil)
    #expect(
      try PaymentMethodPlanning.attach(
        "pm_1", method(of: "cus_1"), to: settled, isDefault: true) == nil)
  }

  @Test func aPaymentMethodHasOneCustomer() throws {
    let owner = try owner()
    #expect(throws: PaymentMethodConflict.belongsToAnother(id: "pm_1")) {
      try PaymentMethodPlanning.attach("pm_1", method(of: "cus_2"), to: owner, isDefault: false)
    }
    #expect(throws: PaymentMethodConflict.attachedAlready(id: "pm_1", customerID: "cus_1")) {
      try PaymentMethodPlanning.attach("pm_1", method(of: "cus_1"), to: owner, isDefault: false)
    }
    #expect(throws: PaymentMethodConflict.notAttached(id: "pm_1", customerID: "cus_1")) {
      try PaymentMethodPlanning.makeDefault(method(of: nil), of: owner)
    }
  }

  @Test func whatARunningSubscriptionIsChargedToStays() throws {
    let inUse = PaymentMethodConflict.inUse(
      id: "pm_1", subscriptionID: "sub_1", customerID: "cus_1")
    for owner in try [
      owner("pm_1"), owner("pm_0", own: "pm_1"), owner("pm_1", ending: true, metered: true),
    ] {
      #expect(throws: inUse) {
        try PaymentMethodPlanning.detach(method(of: "cus_1"), from: owner)
      }
    }
    for owner in try [owner("pm_1", own: "pm_0"), owner("pm_1", ending: true)] {
      #expect(
        requests(try PaymentMethodPlanning.detach(method(of: "cus_1"), from: owner))
          == ["payment_methods/pm_1/detach {}"])
    }
    #expect(throws: PaymentMethodConflict.detachedAlready(id: "pm_1")) {
      try PaymentMethodPlanning.detach(method(of: nil), from: nil)
    }
  }
}
