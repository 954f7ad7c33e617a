/// Every resource of the sandbox: what is added here can be called.
enum Resources {
  static let registry = Registry(engine + catalogue + MoneyResources.all)

  static let engine: [any Resource.Type] = [Accounts.self, Balance.self, Events.self]

  static let catalogue: [any Resource.Type] = [
    Products.self, Prices.self, Meters.self, Features.self, ProductFeatures.self, Coupons.self,
    PromotionCodes.self,
  ]
}
