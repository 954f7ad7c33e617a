import Basics
import Stripe

/// What it takes to make Stripe as the catalogue says: the very list that `plans diff` shows and
/// `plans seed` carries out.
///
/// Only what carries the catalogue's namespace in its metadata is updated or, where that was asked
/// for, archived; things made elsewhere are used as they are. Meters have no metadata: theirs is
/// the event name, and they are never archived.
package struct CatalogueDifference: Sendable, Hashable {
  /// Meters, products, prices, features, what products grant, coupons, promotion codes.
  package let changes: [CatalogueChange]
  package let conflicts: [CatalogueConflict]
  /// The ids that changes refer to and that exist already.
  let ids: [String: String]

  package var isEmpty: Bool { changes.isEmpty && conflicts.isEmpty }

  package init(_ catalogue: Catalogue, _ state: CatalogueState) {
    var maker = CatalogueDifferenceMaker(catalogue: catalogue, state: state)
    maker.compareMeters()
    maker.compareProducts()
    maker.comparePrices()
    maker.compareFeatures()
    maker.compareProductFeatures()
    maker.compareCoupons()
    maker.comparePromotionCodes()
    if state.isWhole { maker.archiveTheRest() }
    changes = maker.changes
    conflicts = maker.conflicts
    ids = maker.ids
  }
}

/// Collects the changes, kind by kind.
struct CatalogueDifferenceMaker {
  let catalogue: Catalogue
  let state: CatalogueState
  var changes: [CatalogueChange] = []
  var conflicts: [CatalogueConflict] = []
  var ids: [String: String] = [:]

  init(catalogue: Catalogue, state: CatalogueState) {
    self.catalogue = catalogue
    self.state = state
  }

  func isOurs(_ metadata: [String: String]) -> Bool {
    metadata[Catalogue.metadataKey] == catalogue.namespace
  }

  /// The metadata of what is made for a plan or a package.
  func metadata(_ more: KeyValuePairs<String, String?> = [:]) -> JSONObject {
    var metadata: JSONObject = [Catalogue.metadataKey: .string(catalogue.namespace)]
    for (key, value) in more { if let value { metadata[key] = .string(value) } }
    return metadata
  }

  mutating func conflict(_ object: CatalogueChange.Kind, _ id: String, _ message: String) {
    conflicts.append(CatalogueConflict(object: object, id: id, message: message))
  }

  // MARK: Meters

  mutating func compareMeters() {
    for meter in catalogue.meters {
      let name = "meter \(meter.eventName)"
      guard let existing = state.meter(eventName: meter.eventName) else {
        changes.append(
          CatalogueChange(
            .create, .meter, lookupKey: meter.eventName,
            detail: "\(meter.name), \(meter.aggregation.rawValue)",
            calls: [
              CatalogueCall(
                .post, StripePath("billing", "meters"),
                [
                  "display_name": .string(meter.name), "event_name": .string(meter.eventName),
                  "default_aggregation": ["formula": .string(meter.aggregation.rawValue)],
                  "customer_mapping": ["type": "by_id", "event_payload_key": "stripe_customer_id"],
                  "value_settings": ["event_payload_key": "value"],
                ])
            ], brings: name))
        continue
      }
      ids[name] = existing.id
      compare(meter, existing)
    }
  }

  private mutating func compare(_ meter: MeterDefinition, _ existing: Meter) {
    if existing.aggregationFormula != meter.aggregation.rawValue {
      conflict(
        .meter, meter.eventName,
        """
        \(meter.id) counts by \(existing.aggregationFormula) at Stripe, not by \
        \(meter.aggregation.rawValue), and a meter cannot change that; give the meter another \
        `event_name`
        """)
    }
    var details: [String] = []
    var calls: [CatalogueCall] = []
    if existing.status != "active" {
      details.append("status \(existing.status) → active")
      calls.append(
        CatalogueCall(.post, StripePath("billing", "meters", existing.id, "reactivate")))
    }
    if existing.displayName != meter.name {
      details.append("name \(existing.displayName) → \(meter.name)")
      calls.append(
        CatalogueCall(
          .post, StripePath("billing", "meters", existing.id),
          ["display_name": .string(meter.name)]))
    }
    if !calls.isEmpty {
      changes.append(
        CatalogueChange(
          .update, .meter, id: existing.id, lookupKey: meter.eventName,
          detail: details.joined(separator: ", "), calls: calls))
    }
  }

  // MARK: Products

  mutating func compareProducts() {
    for plan in catalogue.plans where !plan.prices.isEmpty {
      guard let id = plan.productID else { continue }
      compareProduct(
        id: id, name: plan.name, description: plan.description, plan: plan.id,
        metadata: metadata([Catalogue.planMetadataKey: plan.id]))
    }
    for package in catalogue.packages {
      compareProduct(
        id: package.productID, name: package.name, description: package.description, plan: nil,
        metadata: metadata([Catalogue.packageMetadataKey: package.id]))
    }
  }

  private mutating func compareProduct(
    id: String, name: String, description: String?, plan: String?, metadata: JSONObject
  ) {
    guard let existing = state.product(id) else {
      var parameters: JSONObject = ["id": .string(id), "name": .string(name)]
      if let description { parameters["description"] = .string(description) }
      parameters["metadata"] = .object(metadata)
      changes.append(
        CatalogueChange(
          .create, .product, id: id, plan: plan, detail: name,
          calls: [CatalogueCall(.post, StripePath("products"), parameters)],
          brings: "product \(id)"))
      return
    }
    guard isOurs(existing.metadata) else {
      if !existing.isActive {
        conflict(
          .product, id, "it was made elsewhere and is archived; nothing can be sold under it")
      }
      return
    }
    var details: [String] = []
    var parameters: JSONObject = [:]
    if !existing.isActive {
      details.append("active false → true")
      parameters["active"] = true
    }
    if existing.name != name {
      details.append("name \(existing.name) → \(name)")
      parameters["name"] = .string(name)
    }
    if existing.description != description {
      details.append("description \(existing.description ?? "none") → \(description ?? "none")")
      parameters["description"] = .string(description ?? "")
    }
    for (key, value) in metadata where existing.metadata[key] != value.string {
      details.append("\(key) → \(value.string ?? "")")
      parameters["metadata"] = .object(metadata)
    }
    if !parameters.isEmpty {
      changes.append(
        CatalogueChange(
          .update, .product, id: id, plan: plan, detail: details.joined(separator: ", "),
          calls: [CatalogueCall(.post, StripePath("products", id), parameters)]))
    }
  }
}
