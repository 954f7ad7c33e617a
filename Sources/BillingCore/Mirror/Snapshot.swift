package import Basics
import Stripe

/// An object as Stripe told it at one moment: what goes through the one door into the mirror.
package struct Snapshot: Sendable {
  /// Who told it. Ages are Stripe's: a response's `Date`, an event's `created`.
  package enum Origin: Sendable, Hashable {
    /// The answer to a call of ours.
    case response
    /// An element of a list.
    case page
    /// An event, with what it says was there before.
    case event(id: String, previous: JSON?)

    var name: String {
      switch self {
      case .response: "response"
      case .page: "page"
      case .event: "event"
      }
    }
  }

  package let object: JSONObject
  package let id: String
  package let type: String
  package let origin: Origin
  package let asOf: Timestamp
  /// What made Stripe say it: the id of our operation or of an event; for the history.
  package let cause: String?
  /// Whether it is known to hold nothing that `withoutSecrets` would take away.
  var isPlain = false

  /// Nil for what is no object of Stripe's with an id.
  package init?(_ json: JSON, origin: Origin, asOf: Timestamp, cause: String?) {
    guard let object = json.object, let type = object["object"]?.string,
      let id = Self.id(of: object, type)
    else { return nil }
    self.object = object
    self.id = id
    self.type = type
    self.origin = origin
    self.asOf = asOf
    self.cause = cause
  }

  /// What a customer may use is told as a whole, and has no id of its own.
  private static func id(of object: JSONObject, _ type: String) -> String? {
    let isSummary = type == "entitlements.active_entitlement_summary"
    guard let id = object[isSummary ? "customer" : "id"]?.string, id.isPossibleIdentifier
    else { return nil }
    return isSummary ? "\(type) \(id)" : id
  }

  /// A `….deleted` event shows the object as it last was. A subscription says so by its status;
  /// of the rest nothing but the id is left.
  var deleted: Snapshot {
    guard type != "subscription" else { return self }
    let stub: JSON = ["id": .string(id), "object": .string(type), "deleted": true]
    return nested(stub) ?? self
  }

  /// The event that told it, else the operation that made Stripe say it.
  var teller: String? {
    if case .event(let id, _) = origin { return id }
    return cause
  }

  /// The same telling of an object that stands inside this one.
  func nested(_ json: JSON) -> Snapshot? {
    var inner = Snapshot(json, origin: origin, asOf: asOf, cause: cause)
    inner?.isPlain = isPlain
    return inner
  }
}
