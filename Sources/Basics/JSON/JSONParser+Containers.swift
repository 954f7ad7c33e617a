extension JSONParser {
  mutating func object(depth: Int) throws(JSONError) -> JSON {
    position += 1
    skipSpace()
    if try peek() == UInt8(ascii: "}") {
      position += 1
      return .object(JSONObject())
    }
    var keys = Keys.sequence(KeySequences.start)
    while true {
      skipSpace()
      guard try peek() == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
      if case .sequence(let place) = keys,
        let known = sequences.place(ofKeyIn: bytes, at: position + 1, after: place)
      {
        keys = .sequence(known.place)
        position += known.length + 2
      } else {
        keys = try newKey(after: keys)
      }
      skipSpace()
      try take(UInt8(ascii: ":"))
      values.push(try value(depth: depth + 1))
      skipSpace()
      if try peek() == UInt8(ascii: ",") {
        position += 1
      } else {
        try take(UInt8(ascii: "}"))
        return .object(object(keys))
      }
    }
  }

  /// The keys of an object as far as it is read.
  private enum Keys {
    /// Different ones, up to the one with this place.
    case sequence(KeySequences.Place)
    /// Any, among which one may stand twice.
    case others([String])
  }

  private mutating func newKey(after keys: Keys) throws(JSONError) -> Keys {
    let key = try string()
    switch keys {
    case .sequence(let place):
      if let next = sequences.place(of: key, after: place) { return .sequence(next) }
      return .others(sequences.keys(upTo: place) + [key])
    case .others(var others):
      others.append(key)
      return .others(others)
    }
  }

  /// Takes its values, which were read last.
  private mutating func object(_ keys: Keys) -> JSONObject {
    switch keys {
    case .sequence(let place):
      JSONObject(uniqueKeys: sequences.keys(upTo: place), takingFrom: &values)
    case .others(let keys): JSONObject(lastOfEachKey: keys, takingFrom: &values)
    }
  }

  mutating func array(depth: Int) throws(JSONError) -> JSON {
    position += 1
    skipSpace()
    if try peek() == UInt8(ascii: "]") {
      position += 1
      return .array([])
    }
    let start = values.count
    while true {
      values.push(try value(depth: depth + 1))
      skipSpace()
      if try peek() == UInt8(ascii: ",") {
        position += 1
      } else {
        try take(UInt8(ascii: "]"))
        return .array(values.pop(values.count - start))
      }
    }
  }
}
