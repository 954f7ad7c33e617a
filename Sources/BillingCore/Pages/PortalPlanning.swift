import Basics
import Stripe

/// The portal's configuration as a plan: pure, so that a dry run shows what a run does.
package enum PortalPlanning {
  /// What `portal configure` means: whatever the catalogue says, it is the same configuration.
  package static func intent(_ namespace: String) -> OperationIntent {
    OperationIntent(command: "portal configure", words: ["catalogue": .string(namespace)])
  }

  /// Makes the configuration, or brings it up to date; nil where Stripe has it as it is to be.
  package static func configure(_ state: PortalState) -> OperationPlan? {
    guard state.found == nil || !differences(state).isEmpty else { return nil }
    let id = state.found?["id"].map { [$0] } ?? []
    // An update carries the operation's id as a create does, and is found by it.
    let step = OperationStep(
      .post, path + id, cleared(parameters(state.offer), besides: state.found),
      check: .created(list: path, parameters: [:]))
    return OperationPlan(intent(state.offer.namespace), steps: [step])
  }

  /// The names of what Stripe has otherwise: `features.subscription_update.products`.
  package static func differences(_ state: PortalState) -> [String] {
    guard let found = state.found else { return [] }
    return differences(.object(parameters(state.offer)), found, at: "")
  }

  private static let path: [JSON] = ["billing_portal", "configurations"]
}

// MARK: What is wanted

extension PortalPlanning {
  /// Stripe's limit.
  private static let maximumHeadline = 60

  /// An empty text clears what was there.
  private static func parameters(_ offer: PortalOffer) -> JSONObject {
    let business = offer.business
    var parameters: JSONObject = [
      "business_profile": [
        "headline": .string(String((business.name ?? "").prefix(maximumHeadline))),
        "privacy_policy_url": .string(business.privacyPolicyURL ?? ""),
        "terms_of_service_url": .string(business.termsOfServiceURL ?? ""),
      ],
      "default_return_url": .string(offer.returnURL ?? ""),
      "features": .object(features(offer)),
    ]
    parameters["metadata"] = [Catalogue.metadataKey: .string(offer.namespace)]
    return parameters
  }

  private static func features(_ offer: PortalOffer) -> JSONObject {
    [
      "customer_update": [
        "allowed_updates": ["address", "email", "name", "phone", "tax_id"], "enabled": true,
      ],
      "invoice_history": ["enabled": true],
      "payment_method_update": ["enabled": true],
      "subscription_cancel": [
        "cancellation_reason": [
          "enabled": true,
          "options": [
            "customer_service", "low_quality", "missing_features", "other", "switched_service",
            "too_complex", "too_expensive", "unused",
          ],
        ],
        "enabled": true, "mode": "at_period_end", "proration_behavior": "none",
      ],
      "subscription_update": update(offer),
    ]
  }

  /// A change of plan is billed as `billing upgrade` bills it: at once, and a trial goes on. The
  /// quantity stays: which plans are sold by the seat, the catalogue does not say.
  private static func update(_ offer: PortalOffer) -> JSON {
    guard !offer.products.isEmpty else { return ["enabled": false] }
    let products = offer.products.map { product -> JSON in
      [
        "prices": .array(product.priceIDs.map(JSON.string)),
        "product": .string(product.productID),
      ]
    }
    return [
      "default_allowed_updates": ["price", "promotion_code"], "enabled": true,
      "products": .array(products), "proration_behavior": "always_invoice",
      "trial_update_behavior": "continue_trial",
    ]
  }
}

// MARK: Comparing

extension PortalPlanning {
  private static func differences(_ wanted: JSON, _ found: JSON?, at path: String) -> [String] {
    guard let object = wanted.object else { return holds(found, wanted) ? [] : [path] }
    return object.flatMap { key, value in
      differences(value, found?[key], at: path.isEmpty ? key : "\(path).\(key)")
    }
  }

  /// Whether Stripe has what is wanted: of an object the members named, of a list the elements in
  /// any order.
  private static func holds(_ found: JSON?, _ wanted: JSON) -> Bool {
    switch wanted {
    case .object(let object): object.allSatisfy { holds(found?[$0.key], $0.value) }
    case .array(let elements):
      found?.array.map { others in
        others.count == elements.count
          && elements.allSatisfy { element in others.contains { holds($0, element) } }
      } ?? elements.isEmpty
    default: found == wanted || wanted == "" && (found ?? .null) == .null
    }
  }

  /// Without the empty texts that would clear what is not there.
  private static func cleared(_ wanted: JSONObject, besides found: JSON?) -> JSONObject {
    JSONObject(
      uniqueKeysWithValues: wanted.compactMap { key, value in
        if let object = value.object {
          let inner = cleared(object, besides: found?[key])
          return inner.isEmpty ? nil : (key, .object(inner))
        }
        return value == "" && (found?[key] ?? .null) == .null ? nil : (key, value)
      })
  }
}
