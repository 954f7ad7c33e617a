/// Every resource of the sandbox: what is added here can be called.
///
/// A folder of this target lists its own.
enum Resources {
  static let registry = Registry(
    engine + catalogue + customers + payments + invoices + subscriptions + time + schedules
      + checkout + portal + usage + webhooks + faults)

  static let engine: [any Resource.Type] = [Accounts.self, Balance.self, Events.self]

  static let catalogue: [any Resource.Type] = [
    Products.self, Prices.self, Plans.self, Meters.self, Features.self, ProductFeatures.self,
    Coupons.self,
    PromotionCodes.self,
  ]

  static let customers: [any Resource.Type] = [
    Customers.self, CustomerBalance.self, ActiveEntitlements.self,
  ]

  static let payments: [any Resource.Type] = [
    PaymentMethods.self, PaymentIntents.self, SetupIntents.self, Charges.self, Refunds.self,
    CustomerAuthentication.self,
  ]

  static let invoices: [any Resource.Type] = [
    Invoices.self, InvoicePayments.self, InvoiceItems.self,
  ]

  static let subscriptions: [any Resource.Type] = [
    Subscriptions.self, SubscriptionItems.self, Discounts.self,
  ]

  static let time: [any Resource.Type] = [
    SandboxClock.self, SandboxSettings.self, TestClocks.self,
  ]

  static let schedules: [any Resource.Type] = [SubscriptionSchedules.self]

  static let checkout: [any Resource.Type] = [CheckoutSessions.self]

  static let portal: [any Resource.Type] = [
    PortalConfigurations.self, PortalSessions.self,
  ]

  static let usage: [any Resource.Type] = [
    MeterEvents.self, MeterEventAdjustments.self, MeterEventSummaries.self, ThinEvents.self,
    UsageRecords.self,
  ]

  static let webhooks: [any Resource.Type] = [WebhookEndpoints.self, EventRetry.self]

  static let faults: [any Resource.Type] = [Faults.self]
}
