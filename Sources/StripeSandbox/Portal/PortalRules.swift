import Basics

/// What a customer wants to change of a subscription's one item.
struct PortalChange {
  let item: JSONObject
  /// The new price; nil keeps it.
  var price: String?
  /// The new quantity; nil keeps it.
  var quantity: Int64?

  var priceID: String { price ?? item.object("price")?.id ?? "" }
  var changesPrice: Bool { price.map { $0 != item.object("price")?.id } ?? false }
  var changesQuantity: Bool { quantity.map { $0 != item.integer("quantity") } ?? false }
  var isChange: Bool { changesPrice || changesQuantity }
}

/// What a portal configuration allows, and what no portal can do.
enum PortalRules {
  /// Refuses what needs a feature that is off.
  static func require(_ feature: String, _ configuration: JSONObject) throws {
    guard !PortalFeatures.isOn(feature, configuration.object("features") ?? [:]) else { return }
    let subject =
      switch feature {
      case "subscription_update":
        "This subscription cannot be updated because the subscription update feature"
      case "subscription_cancel":
        "This subscription cannot be canceled because the subscription cancel feature"
      case "payment_method_update":
        "The payment method cannot be updated because the payment method update feature"
      default: "The customer cannot be updated because the customer update feature"
      }
    throw SandboxError.invalid("\(subject) in the portal configuration is disabled.")
  }

  /// Refuses a change that the products of the configuration do not offer.
  static func check(
    _ change: PortalChange, _ configuration: JSONObject, at name: String
  ) throws {
    let feature = configuration.object("features")?.object("subscription_update") ?? [:]
    let allowed = feature.strings("default_allowed_updates")
    for (update, isWanted) in [
      ("price", change.changesPrice), ("quantity", change.changesQuantity),
    ] where isWanted && !allowed.contains(update) {
      throw SandboxError.invalid(
        """
        This subscription cannot be updated because the portal configuration does not allow \
        updates of its \(update).
        """, parameter: "\(name)[\(update)]")
    }
    let offer = feature.objects("products").first { product in
      product.strings("prices").contains(change.priceID)
    }
    guard let offer else {
      throw SandboxError.invalid(
        """
        This subscription cannot be updated because the price `\(change.priceID)` is not one of \
        the prices that the portal configuration offers.
        """, parameter: "\(name)[price]")
    }
    guard change.changesQuantity, let quantity = change.quantity else { return }
    let bounds = offer.object("adjustable_quantity") ?? [:]
    guard bounds.bool("enabled") == true else {
      throw SandboxError.invalid(
        """
        This subscription cannot be updated because the portal configuration does not allow \
        updates of its quantity.
        """, parameter: "\(name)[quantity]")
    }
    let least = bounds.integer("minimum") ?? 1
    try Call.checkRange(
      quantity, least...max(least, bounds.integer("maximum") ?? 999_999),
      parameter: "\(name)[quantity]")
  }

  /// Refuses the subscriptions whose plan the portal cannot change.
  static func checkUpdatable(_ subscription: JSONObject) throws {
    let items = subscription.listed("items")
    let reason: String? =
      if SubscriptionStatus.isTerminal(subscription) {
        "it is \(subscription.string("status") ?? "")"
      } else if items.count != 1 {
        "it contains multiple products"
      } else if items.contains(where: { PriceAmount.isMetered($0.object("price") ?? [:]) }) {
        "it uses usage-based billing"
      } else if subscription.string("collection_method") == "send_invoice" {
        "its invoices are sent to the customer"
      } else if subscription.string("schedule") != nil {
        "it is managed by a subscription schedule"
      } else {
        nil
      }
    guard let reason else { return }
    throw SandboxError.invalid("This subscription cannot be updated because \(reason).")
  }

  static func checkCancelable(_ subscription: JSONObject, parameter: String? = nil) throws {
    guard !SubscriptionStatus.isTerminal(subscription) else {
      throw SandboxError.invalid(
        """
        This subscription cannot be canceled because it is \
        \(subscription.string("status") ?? "").
        """, parameter: parameter)
    }
    guard subscription.integer("cancel_at") == nil else {
      throw SandboxError.invalid(
        "The subscription \(subscription.id) is already set to be canceled at period end.",
        parameter: parameter)
    }
  }
}
