extension JSONParser {
  mutating func object(depth: Int) throws(JSONError) -> JSON {
    position += 1
    skipSpace()
    if try peek() == UInt8(ascii: "}") {
      position += 1
      return .object(JSONObject())
    }
    var keys = Keys()
    while true {
      skipSpace()
      guard try peek() == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
      if let place = keys.place,
        let known = sequences.place(ofKeyIn: bytes, at: position + 1, after: place)
      {
        keys.place = known.place
        position += known.length + 2
      } else {
        add(try string(), to: &keys)
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
  private struct Keys {
    /// Where the last of them stands in the sequences; nil where they are no sequence.
    var place: KeySequences.Place? = KeySequences.start
    /// All of them then, among which one may stand twice.
    var others: [String] = []
  }

  private mutating func add(_ key: String, to keys: inout Keys) {
    if let place = keys.place {
      keys.place = sequences.place(of: key, after: place)
      if keys.place != nil { return }
      keys.others = sequences.keys(upTo: place)
    }
    keys.others.append(key)
  }

  /// Takes its values, which were read last.
  private mutating func object(_ keys: Keys) -> JSONObject {
    if let place = keys.place {
      JSONObject(uniqueKeys: sequences.keys(upTo: place), takingFrom: &values)
    } else {
      JSONObject(lastOfEachKey: keys.others, takingFrom: &values)
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
