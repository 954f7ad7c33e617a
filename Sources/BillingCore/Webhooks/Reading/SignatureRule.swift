package import Basics
import Stripe

/// By what an event from a file is believed.
package enum SignatureRule: Sendable {
  /// Each event stands in an envelope with the headers that it came with:
  /// `{"payload":"…","headers":{"Stripe-Signature":"…"}}`.
  case envelopes([Secret])
  /// One file is the body of one event, and this is the header that it came with.
  case header(String, [Secret])
  /// By nothing: whoever gave the events says that this is all right.
  case unverified
}

/// Turns the bytes of one value into an event. The age of a signature does not count: what is
/// replayed came long ago.
struct EventDecoder: Sendable {
  let rule: SignatureRule

  func reading(_ bytes: [UInt8], at place: EventPlace) -> EventReading {
    do {
      return .event(try event(bytes, at: place).madeReady())
    } catch let error as UnreadableEvent {
      return .unreadable(error)
    } catch let error as SignatureError {
      return .unreadable(
        UnreadableEvent(place: place.words, reason: error.rawValue, isUnsigned: true))
    } catch let error as JSONError {
      return .unreadable(
        UnreadableEvent(
          place: place.words,
          reason: "no JSON: \(error.reason.rawValue), at its byte \(error.offset)"))
    } catch {
      return .unreadable(UnreadableEvent(place: place.words, reason: "\(error)"))
    }
  }

  private func event(_ bytes: [UInt8], at place: EventPlace) throws -> IncomingEvent {
    if case .header(let header, let secrets) = rule {
      try Self.verify(bytes, header, secrets)
      return try IncomingEvent(bytes, verdict: .verified)
    }
    let json = try JSON(parsing: bytes)
    let envelope = EventEnvelope(json)
    guard case .envelopes(let secrets) = rule else {
      guard let envelope else { return try IncomingEvent(bytes, json, verdict: .unverified) }
      return try IncomingEvent(envelope.payload, verdict: .unverified)
    }
    guard let envelope else {
      throw UnreadableEvent(place: place.words, reason: "it is not signed", isUnsigned: true)
    }
    guard let signature = envelope.signature else {
      throw UnreadableEvent(
        place: place.words, reason: "the envelope has no header Stripe-Signature", isUnsigned: true)
    }
    try Self.verify(envelope.payload, signature, secrets)
    return try IncomingEvent(envelope.payload, verdict: .verified)
  }

  private static func verify(
    _ bytes: [UInt8], _ header: String, _ secrets: [Secret]
  ) throws(SignatureError) {
    try WebhookSignature.verify(
      payload: bytes, header: header, secrets: secrets, toleranceSeconds: nil, now: .earliest)
  }
}

/// An event's body as it came, with the headers that came with it.
struct EventEnvelope {
  let payload: [UInt8]
  let signature: String?

  /// Nil for what is no envelope.
  init?(_ json: JSON) {
    guard let payload = json["payload"]?.string, let headers = json["headers"]?.object else {
      return nil
    }
    self.payload = Array(payload.utf8)
    signature = headers.first { $0.key.lowercased() == "stripe-signature" }?.value.string
  }
}
