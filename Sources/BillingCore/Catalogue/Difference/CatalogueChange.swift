import Basics
package import Stripe

/// One step from what Stripe has to what the catalogue says.
package struct CatalogueChange: Sendable, Hashable {
  package enum Action: String, Sendable, Hashable { case create, update, replace, archive }

  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case meter, product, price, feature, coupon
  }

  package let action: Action
  package let object: Kind
  /// The object's id at Stripe; nil where Stripe will choose it.
  package let id: String?
  package let lookupKey: String?
  package let plan: String?
  /// What changes, for people: `amount 19.00 usd → 21.00 usd`.
  package let detail: String
  let calls: [CatalogueCall]
  /// What it can only follow on, and what it brings: `product billing_pro`.
  let needs: [String]
  let brings: String?

  init(
    _ action: Action, _ object: Kind, id: String? = nil, lookupKey: String? = nil,
    plan: String? = nil, detail: String, calls: [CatalogueCall], needs: [String] = [],
    brings: String? = nil
  ) {
    self.action = action
    self.object = object
    self.id = id
    self.lookupKey = lookupKey
    self.plan = plan
    self.detail = detail
    self.calls = calls
    self.needs = needs
    self.brings = brings
  }

  /// The calls in their order; an id that is not known yet reads as a name in braces.
  package var requests: [StripeRequest] { calls.map { $0.request(ids: [:]) } }
}

/// A call of which an id may only be known once an earlier change was carried out.
struct CatalogueCall: Sendable, Hashable {
  let method: HTTPMethod
  let path: StripePath
  /// A parameter may be `CatalogueCall.id(of:)`.
  let parameters: JSONObject
  let idempotencyKey: IdempotencyKey?

  init(
    _ method: HTTPMethod, _ path: StripePath, _ parameters: JSONObject = [:],
    idempotencyKey: IdempotencyKey? = nil
  ) {
    self.method = method
    self.path = path
    self.parameters = parameters
    self.idempotencyKey = idempotencyKey
  }

  /// Stands for the id of what a change brings: `meter billing_ai_requests`.
  static func id(of name: String) -> JSON { ["$id": .string(name)] }

  func request(ids: [String: String]) -> StripeRequest {
    StripeRequest(
      method, path, Self.filled(parameters, ids: ids), idempotencyKey: idempotencyKey)
  }

  private static func filled(_ object: JSONObject, ids: [String: String]) -> JSONObject {
    JSONObject(
      uniqueKeysWithValues: object.members.map { ($0.key, filled($0.value, ids: ids)) })
  }

  private static func filled(_ value: JSON, ids: [String: String]) -> JSON {
    switch value {
    case .object(let object):
      if object.count == 1, let name = object["$id"]?.string {
        return .string(ids[name] ?? "{id of \(name)}")
      }
      return .object(filled(object, ids: ids))
    case .array(let elements): return .array(elements.map { filled($0, ids: ids) })
    default: return value
    }
  }
}

/// A difference that cannot be mended by a change, and what to do about it.
package struct CatalogueConflict: Sendable, Hashable {
  package let object: CatalogueChange.Kind
  package let id: String
  package let message: String

  package init(object: CatalogueChange.Kind, id: String, message: String) {
    self.object = object
    self.id = id
    self.message = message
  }
}

extension CatalogueConflict: CustomStringConvertible {
  package var description: String { "\(object.rawValue) \(id): \(message)" }
}
