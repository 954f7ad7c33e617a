import Basics

/// Clocks of their own for some customers: `/v1/test_helpers/test_clocks`.
enum TestClocks {
  /// The test clock of the objects that a call names, and its time.
  static func named(
    by parameters: JSONObject, _ pathIDs: [String], in store: StoreTransaction
  ) throws -> (id: String, now: Timestamp)? {
    guard try store.hasClocks else { return nil }
    for id in pathIDs + texts(in: .object(parameters)) {
      guard let clock = try store.clock(ofObject: id),
        let object = try store.object(type: "test_helpers.test_clock", id: clock),
        let now = object.timestamp("frozen_time")
      else { continue }
      return (clock, now)
    }
    return nil
  }

  private static func texts(in value: JSON) -> [String] {
    switch value {
    case .string(let text): [text]
    case .array(let elements): elements.flatMap(texts(in:))
    case .object(let object): object.flatMap { texts(in: $0.value) }
    default: []
    }
  }
}
