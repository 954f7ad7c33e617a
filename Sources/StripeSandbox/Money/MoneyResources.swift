/// Everything of this folder that can be called.
enum MoneyResources {
  static let all: [any Resource.Type] = [
    Customers.self, PaymentMethods.self, PaymentIntents.self, Charges.self, Invoices.self,
    InvoicePayments.self, InvoiceItems.self, Discounts.self, Subscriptions.self,
    SubscriptionItems.self, ActiveEntitlements.self,
  ]
}
