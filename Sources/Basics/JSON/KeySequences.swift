/// The keys that objects had, in their order. Those of Stripe's objects are mostly the same, so that
/// each is read only once, and the objects share them.
///
/// A tree: below each key stand those that came after it, so that a sequence is known by the place
/// of its last key.
struct KeySequences: Sendable {
  /// A key behind those that stand above it.
  typealias Place = Int

  /// The place before the first key.
  static let start: Place = 0
  /// It stands for as many, one for the keys whose first bytes end in the same five bits: objects
  /// begin with many keys, of which only some are then looked at.
  private static let startCount = 32
  /// What somebody else wrote must neither fill the memory nor make looking up slow.
  private static let (mostPlaces, longestKey, longestSequence, mostSuccessors) = (4096, 64, 256, 32)

  private struct Node {
    let key: String
    /// Its bytes, as far as a word has room for them, and which bits of a word they are.
    let head, headMask: UInt64
    let length: Int32
    /// Where the rest of its bytes begins in `tails`.
    let tail: Int32
    let previous: Int32
    /// How many keys the sequence has that ends here.
    let depth: Int32
    /// What comes after it, the first that was seen; 0 for none.
    var successor: Int32 = 0
    /// What else comes after the same keys; 0 for none.
    var alternative: Int32 = 0
    /// All keys up to this one, once an object ended here.
    var keys: [String] = []
  }

  private var nodes: [Node] = []
  /// The bytes of the keys beyond their first word, as words; the last of each is filled with zeros.
  private var tails: [UInt64] = []
  /// How often a key was met that had no place.
  private var misses = 0

  /// None, not even a place to start from.
  init() {}

  init(forReading: Void) {
    let start = Node(key: "", head: 0, headMask: 0, length: 0, tail: 0, previous: 0, depth: 0)
    nodes = Array(repeating: start, count: Self.startCount)
  }

  /// Whether it is better to begin anew, since what is met now is not what was met before.
  var isUsedUp: Bool { misses >= Self.mostPlaces || nodes.isEmpty }

  // MARK: Looking up

  /// The key that begins here, behind its quote, and comes after another one; nil where it has no
  /// place, and near the text's end.
  @inline(__always)
  func place(
    ofKeyIn bytes: UnsafeBufferPointer<UInt8>, at position: Int, after place: Place
  ) -> (place: Place, length: Int)? {
    guard position <= bytes.count - StringWord.length else { return nil }
    return nodes.withUnsafeBufferPointer { nodes in
      let head = StringWord.bits(bytes, at: position)
      let place = place == Self.start ? Self.start(before: bytes[position]) : place
      var candidate = Int(nodes[place].successor)
      while candidate != 0 {
        let length = Int(nodes[candidate].length)
        // The word that has its last bytes can be read as well, and the quote behind it.
        if head & nodes[candidate].headMask == nodes[candidate].head,
          position + length <= bytes.count - StringWord.length,
          bytes[position + length] == UInt8(ascii: "\""),
          length <= StringWord.length
            || hasTail(Int(nodes[candidate].tail), length, in: bytes, at: position)
        {
          return (candidate, length)
        }
        candidate = Int(nodes[candidate].alternative)
      }
      return nil
    }
  }

  /// The place before a first key that begins with this byte; an empty one with its quote.
  @inline(__always)
  private static func start(before byte: UInt8) -> Place { Int(byte) % startCount }

  /// Whether a key's bytes beyond its first word stand there too.
  @inline(__always)
  private func hasTail(
    _ tail: Int, _ length: Int, in bytes: UnsafeBufferPointer<UInt8>, at position: Int
  ) -> Bool {
    tails.withUnsafeBufferPointer { tails in
      var (index, left, at) = (tail, length - StringWord.length, position + StringWord.length)
      while left > 0 {
        guard StringWord.bits(bytes, at: at) & Self.mask(left) == tails[index] else { return false }
        (index, left, at) = (index + 1, left - StringWord.length, at + StringWord.length)
      }
      return true
    }
  }

  /// The bits of a word that so many bytes have, of which there may be more than fit in.
  @inline(__always)
  private static func mask(_ length: Int) -> UInt64 {
    length >= StringWord.length ? .max : ~(.max << UInt64(length * 8))
  }

  // MARK: Adding

  /// The place of a key that comes after another one; nil where it gets none: a key that stands in
  /// the sequence already, that is written with escapes, or that is one too many.
  mutating func place(of key: String, after place: Place) -> Place? {
    let first = key.utf8.first ?? UInt8(ascii: "\"")
    let place = place == Self.start ? Self.start(before: first) : place
    var (candidate, last, alternatives) = (Int(nodes[place].successor), 0, 0)
    while candidate != 0 {
      if nodes[candidate].key.utf8.elementsEqual(key.utf8) { return candidate }
      last = candidate
      (candidate, alternatives) = (Int(nodes[candidate].alternative), alternatives + 1)
    }
    misses += 1
    guard nodes.count < Self.mostPlaces, alternatives < Self.mostSuccessors,
      nodes[place].depth < Self.longestSequence, key.utf8.count <= Self.longestKey,
      key.utf8.allSatisfy(PlainRun.isPlain), !isIn(key, upTo: place)
    else { return nil }
    add(key, after: place)
    // Those that were met first are looked at first: what is met seldom comes later.
    let added = Int32(nodes.count - 1)
    if last == 0 { nodes[place].successor = added } else { nodes[last].alternative = added }
    return nodes.count - 1
  }

  private func isIn(_ key: String, upTo place: Place) -> Bool {
    var earlier = place
    while nodes[earlier].depth > 0 {
      if JSONObject.isSame(nodes[earlier].key, key) { return true }
      earlier = Int(nodes[earlier].previous)
    }
    return false
  }

  private mutating func add(_ key: String, after place: Place) {
    let words = Self.words(key)
    nodes.append(
      Node(
        key: key, head: words.first ?? 0, headMask: Self.mask(key.utf8.count),
        length: Int32(key.utf8.count), tail: Int32(tails.count), previous: Int32(place),
        depth: nodes[place].depth + 1))
    tails += words.dropFirst()
  }

  private static func words(_ key: String) -> [UInt64] {
    var words: [UInt64] = []
    for (index, byte) in key.utf8.enumerated() {
      let place = index % StringWord.length
      if place == 0 { words.append(0) }
      words[words.count - 1] |= UInt64(byte) << UInt64(place * 8)
    }
    return words
  }

  // MARK: What an object gets

  /// All keys up to a place.
  mutating func keys(upTo place: Place) -> [String] {
    if nodes[place].keys.count != nodes[place].depth {
      var (keys, key) = ([String](), place)
      while nodes[key].depth > 0 {
        keys.append(nodes[key].key)
        key = Int(nodes[key].previous)
      }
      nodes[place].keys = keys.reversed()
    }
    return nodes[place].keys
  }
}
