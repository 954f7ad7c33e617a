import Basics

/// What is posted to an endpoint: the same bytes at every attempt.
struct OutgoingMessage: Sendable, Hashable {
  /// The same for the same occurrence and endpoint, whenever it is made, so that a receiver knows a
  /// repetition by it.
  let id: String
  let body: String

  init(_ occurrence: Occurrence, to endpointID: String, externalID: String?) {
    id = Self.id(cause: occurrence.cause, endpointID: endpointID)
    var data: JSONObject = [
      "customer": .string(occurrence.customerID), "external_id": JSON(externalID),
    ]
    for member in occurrence.payload.members { data[member.key] = member.value }
    body = Self.body(
      id: id, type: occurrence.kind.rawValue, at: occurrence.at, data: data)
  }

  static func id(cause: String, endpointID: String) -> String {
    "msg_\(Hex.encode(Hash.sha256(Array("\(endpointID) \(cause)".utf8)).prefix(12)))"
  }

  /// The fields that Standard Webhooks asks for, and the id for those who see no headers.
  static func body(id: String, type: String, at moment: Timestamp, data: JSONObject) -> String {
    let message: JSON = [
      "id": .string(id), "type": .string(type), "timestamp": .string(moment.iso8601),
      "data": .object(data),
    ]
    return message.compact
  }
}
