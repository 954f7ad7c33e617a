package import Basics

/// Something that happened at Stripe, with a snapshot of the object to which it happened
/// (https://docs.stripe.com/api/events/object).
package struct Event: Sendable, Hashable {
  package let id: String
  package let type: String
  package let created: Timestamp
  /// The version in which the snapshot is written; it never changes.
  package let apiVersion: String?
  package let isLive: Bool
  /// The connected account, where it is not our own.
  package let account: String?
  /// The snapshot; of a thin event the reference to the object, or nothing.
  package private(set) var object: JSON
  /// The fields that changed with their values before; events of updates have it.
  package private(set) var previousAttributes: JSON?
  /// The request that caused it; nil where Stripe did by itself.
  package let requestID: String?
  package let requestIdempotencyKey: String?

  package init(_ json: JSON) throws(MalformedObject) {
    let fields = try ObjectReader(json, kind: "event")
    id = try fields.identifier()
    type = try fields.identifier("type")
    isLive = try fields.flag("livemode")
    if json["object"]?.string == Self.thinObject {
      created = try fields.timeInWords("created")
      (apiVersion, account) = (nil, try fields.optionalText("context"))
      object = fields.value("related_object") ?? [:]
      previousAttributes = nil
      (requestID, requestIdempotencyKey) = (nil, nil)
      return
    }
    created = try fields.time("created")
    apiVersion = try fields.optionalText("api_version")
    account = try fields.optionalText("account")
    let data = try fields.object("data")
    _ = try data.object("object")
    object = try data.required("object", "an object", data.value("object"))
    previousAttributes = data.value("previous_attributes")
    // Versions before 2017-05-25 give the request as its id.
    let request = fields.expanded("request")
    requestID = try request?.optionalText("id") ?? fields.value("request")?.string
    requestIdempotencyKey = try request?.optionalText("idempotency_key")
  }

  /// The same without the snapshot.
  package var envelope: Event {
    var envelope = self
    (envelope.object, envelope.previousAttributes) = (.null, nil)
    return envelope
  }

  /// A thin event names the object that it is about and has no snapshot of it
  /// (https://docs.stripe.com/event-destinations#thin-events).
  private static let thinObject = "v2.core.event"
}
