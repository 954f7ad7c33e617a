/// The members of a JSON object, in the order in which they were given.
///
/// Look-up is linear: an object at Stripe has some dozens of keys. Two objects are equal when they
/// have the same members, whatever their order. Of a key given twice the last one counts.
///
/// `@unchecked Sendable`: its memory is changed only where no other object holds it.
package struct JSONObject: @unchecked Sendable {
  /// A key with its value.
  package struct Member: Sendable {
    package let key: String
    package var value: JSON
  }

  private var storage: MemberStorage

  package init() { storage = .empty }

  /// Takes the members as they are; the caller promises that no key stands twice.
  package init(uniqueKeysWithValues members: [(String, JSON)]) {
    storage = MemberStorage.make(keys: members.map { $0.0 }, capacity: members.count)
    for index in members.indices {
      (storage.values + index).initialize(to: members[index].1)
    }
  }

  /// What was read: the last of the values, as many as there are keys.
  init(uniqueKeys keys: [String], takingFrom values: inout ValueStack) {
    storage = MemberStorage.make(keys: keys, capacity: keys.count)
    values.pop(keys.count, to: storage.values)
  }

  package subscript(key: String) -> JSON? {
    get { index(of: key).map { storage.values[$0] } }
    set {
      switch (index(of: key), newValue) {
      case (let index?, let value?): storage(adding: 0).values[index] = value
      case (let index?, nil): storage(adding: 0).remove(at: index)
      case (nil, let value?): storage(adding: 1).append(key, value)
      case (nil, nil): break
      }
    }
  }

  private func index(of key: String) -> Int? {
    withMembers { keys, _ in
      var index = keys.count - 1
      while index >= 0 {
        if Self.isSame(keys[index], key) { return index }
        index -= 1
      }
      return nil
    }
  }

  func hasKey(among names: [String]) -> Bool {
    withMembers { keys, _ in keys.contains { key in names.contains { Self.isSame($0, key) } } }
  }

  /// Most keys differ in their lengths.
  @inline(__always)
  static func isSame(_ one: String, _ other: String) -> Bool {
    one.utf8.count == other.utf8.count && one == other
  }

  /// The memory, which nobody else holds, with room for more.
  private mutating func storage(adding more: Int) -> MemberStorage {
    let needed = count + more
    if isKnownUniquelyReferenced(&storage), needed <= storage.start.pointee.capacity {
      return storage
    }
    storage = storage.copied(capacity: more == 0 ? needed : Swift.max(needed, 2 * count, 4))
    return storage
  }

  package var keys: [String] { storage.start.pointee.keys }
  package var values: [JSON] {
    Array(UnsafeBufferPointer(start: storage.values, count: storage.count))
  }
  package var members: [Member] { map { Member(key: $0.key, value: $0.value) } }
  package var count: Int { storage.count }
  package var isEmpty: Bool { count == 0 }

  /// The members at their own places, for whatever passes by many: an array would hand out a copy of
  /// each.
  @inline(__always)
  func withMembers<Result>(
    _ body: (UnsafeBufferPointer<String>, UnsafeBufferPointer<JSON>) -> Result
  ) -> Result {
    storage.start.pointee.keys.withUnsafeBufferPointer { keys in
      body(keys, UnsafeBufferPointer(start: storage.values, count: keys.count))
    }
  }

  func withValues<Result>(_ body: (UnsafeBufferPointer<JSON>) -> Result) -> Result {
    withExtendedLifetime(storage) {
      body(UnsafeBufferPointer(start: storage.values, count: storage.count))
    }
  }
}

extension JSONObject: Sequence {
  package struct Iterator: IteratorProtocol, Sendable {
    fileprivate let object: JSONObject
    fileprivate var index = 0

    package mutating func next() -> (key: String, value: JSON)? {
      guard index < object.count else { return nil }
      defer { index += 1 }
      return (object.storage.start.pointee.keys[index], object.storage.values[index])
    }
  }

  package func makeIterator() -> Iterator { Iterator(object: self) }
  package var underestimatedCount: Int { count }
}

extension JSONObject: Hashable {
  package static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.withMembers { leftKeys, leftValues in
      right.withMembers { rightKeys, rightValues in
        guard leftKeys.count == rightKeys.count else { return false }
        for index in leftKeys.indices {
          // Two texts of one object have mostly one order.
          if isSame(leftKeys[index], rightKeys[index]) {
            guard leftValues[index] == rightValues[index] else { return false }
          } else {
            guard let value = right[leftKeys[index]], leftValues[index] == value else {
              return false
            }
          }
        }
        return true
      }
    }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(keys.reduce(0) { $0 ^ $1.hashValue })
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self.init(uniqueKeysWithValues: elements)
  }
}
