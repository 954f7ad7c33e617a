package import Basics

/// What is posted to an endpoint: the same bytes at every attempt.
package struct OutgoingMessage: Sendable, Hashable {
  /// The type of what is sent to see whether it arrives.
  package static let testType = "endpoint.test"

  /// The same for the same cause and endpoint, whenever it is made, so that a receiver knows a
  /// repetition by it.
  let id: String
  let endpointID: String
  let type: String
  let customerID: String?
  let cause: String
  let at: Timestamp
  let body: String

  init(_ occurrence: Occurrence, to endpoint: OutgoingEndpoint, externalID: String?) {
    var data: JSONObject = [
      "customer": .string(occurrence.customerID), "external_id": JSON(externalID),
    ]
    for member in occurrence.payload.members { data[member.key] = member.value }
    self.init(
      type: occurrence.kind.rawValue, customerID: occurrence.customerID, cause: occurrence.cause,
      at: occurrence.at, data: data, to: endpoint)
  }

  /// A message that means nothing.
  ///
  /// - Parameter token: what no other has.
  package init(testOf endpoint: OutgoingEndpoint, token: String, at moment: Timestamp) {
    self.init(
      type: Self.testType, customerID: nil, cause: "test \(token)", at: moment,
      data: ["endpoint": .string(endpoint.id)], to: endpoint)
  }

  /// The body has the fields that Standard Webhooks asks for, and the id for those who see no
  /// headers.
  private init(
    type: String, customerID: String?, cause: String, at moment: Timestamp, data: JSONObject,
    to endpoint: OutgoingEndpoint
  ) {
    id = Self.id(cause: cause, endpointID: endpoint.id)
    endpointID = endpoint.id
    self.type = type
    self.customerID = customerID
    self.cause = cause
    at = moment
    let message: JSON = [
      "id": .string(id), "type": .string(type), "timestamp": .string(moment.iso8601),
      "data": .object(data),
    ]
    body = message.compact
  }

  private static func id(cause: String, endpointID: String) -> String {
    "msg_\(Hex.encode(Hash.sha256(Array("\(endpointID) \(cause)".utf8)).prefix(12)))"
  }
}
