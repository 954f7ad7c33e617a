import Basics

/// The phase of a schedule as Stripe tells it, turned into what Stripe takes: an update of a schedule
/// replaces whole phases, so whoever changes one thing must say all the others again.
///
/// Settings of single invoices beyond the days until they are due are not carried, nor is what only
/// platforms with connected accounts have.
enum PhaseParameters {
  static func of(_ phase: JSON) -> JSONObject {
    var parameters = given(
      phase,
      [
        "start_date", "end_date", "billing_cycle_anchor", "collection_method", "description",
        "proration_behavior", "trial_end",
      ])
    parameters["items"] = .array((phase["items"]?.array ?? []).map { .object(item($0)) })
    parameters["metadata"] = filled(phase["metadata"])
    parameters["discounts"] = discounts(of: phase)
    parameters["default_tax_rates"] = ids(phase["default_tax_rates"])
    parameters["default_payment_method"] = id(phase["default_payment_method"])
    let added = (phase["add_invoice_items"]?.array ?? []).map { JSON.object(item($0)) }
    if !added.isEmpty { parameters["add_invoice_items"] = .array(added) }
    if let tax = phase["automatic_tax"]?["enabled"]?.bool {
      parameters["automatic_tax"] = ["enabled": .bool(tax)]
    }
    if let days = phase["invoice_settings"]?["days_until_due"]?.integer {
      parameters["invoice_settings"] = ["days_until_due": .integer(days)]
    }
    return parameters
  }

  private static func item(_ item: JSON) -> JSONObject {
    var parameters = JSONObject()
    parameters["price"] = id(item["price"]) ?? id(item["plan"])
    parameters["quantity"] = item["quantity"]?.integer.map(JSON.integer)
    parameters["metadata"] = filled(item["metadata"])
    parameters["discounts"] = discounts(of: item)
    parameters["tax_rates"] = ids(item["tax_rates"])
    return parameters
  }

  /// Nil where there are none.
  private static func discounts(of object: JSON) -> JSON? {
    let discounts = (object["discounts"]?.array ?? []).map { entry in
      var parameters = JSONObject()
      // A discount that is there is kept; its coupon would be redeemed again.
      for name in ["discount", "promotion_code", "coupon"] where parameters.isEmpty {
        parameters[name] = id(entry[name])
      }
      return JSON.object(parameters)
    }
    return discounts.isEmpty ? nil : .array(discounts)
  }

  /// The members of these names that have a value.
  private static func given(_ object: JSON, _ names: [String]) -> JSONObject {
    var found = JSONObject()
    for name in names {
      if let value = object[name], value != .null { found[name] = value }
    }
    return found
  }

  private static func filled(_ value: JSON?) -> JSON? {
    value?.object?.isEmpty ?? true ? nil : value
  }

  private static func ids(_ list: JSON?) -> JSON? {
    let found = (list?.array ?? []).compactMap { id($0) }
    return found.isEmpty ? nil : .array(found)
  }

  private static func id(_ value: JSON?) -> JSON? {
    (value?.string ?? value?["id"]?.string).map(JSON.string)
  }
}
