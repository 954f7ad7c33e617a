package import Basics
package import Stripe

/// One call that tells Stripe what a customer used. It is written down before it is sent, and sent
/// again as it stands there, so that it counts once.
package struct ReportedUse: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    case meterEvent = "meter_event"
    /// To an item whose price has no meter, in versions before 2025-03-31.basil.
    case usageRecord = "usage_record"
  }

  package enum State: String, Sendable, Hashable { case prepared, sent, failed }

  /// By which Stripe knows it again, for a day at least.
  package var identifier: String
  package var customerID: String
  package var meterID: String
  package var kind: Kind
  /// The meter at Stripe, or the item.
  package var targetID: String
  package var parameters: JSONObject
  /// From when to when the usage was that it tells of.
  package var coversFrom: Timestamp
  package var coversTo: Timestamp
  /// What it adds to what was told before; of a meter that keeps the last, what is used.
  package var value: Int64
  /// The moment under which Stripe counts it.
  package var at: Timestamp
  package var state = State.prepared
  package var createdAt: Timestamp

  /// Of one series Stripe takes one call at a time.
  var series: String { "\(customerID) \(meterID)" }

  package var request: StripeRequest {
    let path =
      switch kind {
      case .meterEvent: StripePath("billing", "meter_events")
      case .usageRecord: StripePath("subscription_items", targetID, "usage_records")
      }
    return StripeRequest(
      .post, path, parameters, idempotencyKey: IdempotencyKey("usage-\(identifier)"))
  }
}

extension ReportedUse {
  /// One meter event.
  static func meterEvent(
    _ identifier: String, _ unreported: UnreportedUse, to meter: Meter, value: Int64,
    createdAt: Timestamp
  ) -> ReportedUse {
    let use = unreported.segment.use
    return ReportedUse(
      identifier: identifier, customerID: use.customerID, meterID: use.meter.id,
      kind: .meterEvent, targetID: meter.id,
      parameters: [
        "event_name": .string(meter.eventName), "identifier": .string(identifier),
        "payload": [
          meter.customerPayloadKey: .string(use.customerID),
          meter.valuePayloadKey: .string("\(value)"),
        ],
        "timestamp": .integer(unreported.at.seconds),
      ],
      coversFrom: unreported.segment.start, coversTo: unreported.coversTo, value: value,
      at: unreported.at, createdAt: createdAt)
  }

  /// A usage record. It sets what was used in its second, so that sent twice it counts once.
  ///
  /// - Parameter before: what was told of the same second before.
  static func usageRecord(
    _ identifier: String, _ unreported: UnreportedUse, before: Int64, createdAt: Timestamp
  ) -> ReportedUse {
    let use = unreported.segment.use
    return ReportedUse(
      identifier: identifier, customerID: use.customerID, meterID: use.meter.id,
      kind: .usageRecord, targetID: use.itemID,
      parameters: [
        "action": "set", "quantity": .integer(before + unreported.value),
        "timestamp": .integer(unreported.at.seconds),
      ],
      coversFrom: unreported.segment.start, coversTo: unreported.coversTo,
      value: unreported.value, at: unreported.at, createdAt: createdAt)
  }
}
