/// Many short texts, one behind the other in one piece of memory: none of them is allocated or
/// counted by itself.
struct PackedTexts: Sendable {
  private var bytes: [UInt8] = []
  /// Where each text ends.
  private var ends: [Int] = []

  init() {}

  var count: Int { ends.count }

  mutating func append(_ text: some Sequence<UInt8>) {
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
  }

  /// The text in UTF-8.
  subscript(place: Int) -> ArraySlice<UInt8> {
    bytes[(place == 0 ? 0 : ends[place - 1])..<ends[place]]
  }

  /// The texts of these places.
  func arranged(by places: [Int]) -> PackedTexts {
    var texts = PackedTexts()
    texts.bytes.reserveCapacity(bytes.count)
    texts.ends.reserveCapacity(places.count)
    for place in places { texts.append(self[place]) }
    return texts
  }

  /// The places of the texts byte by byte, as SQLite orders them; of equal texts the first first.
  func ordered() -> [Int] {
    var keys = (0..<count).map { Key(prefix: prefix(at: $0), place: $0) }
    keys.sort { left, right in
      if left.prefix != right.prefix { return left.prefix < right.prefix }
      let (one, other) = (self[left.place], self[right.place])
      if one.elementsEqual(other) { return left.place < right.place }
      return one.lexicographicallyPrecedes(other)
    }
    return keys.map { $0.place }
  }

  /// A text by its first bytes, which mostly decide.
  private struct Key {
    let prefix: UInt64
    let place: Int
  }

  private func prefix(at place: Int) -> UInt64 {
    let text = self[place].prefix(8)
    let value = text.reduce(0) { $0 << 8 | UInt64($1) }
    return value << (8 * UInt64(8 - text.count))
  }
}
