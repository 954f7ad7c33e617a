/// The members of a JSON object, in the order in which they were given.
///
/// Look-up is linear: an object at Stripe has some dozens of keys. Two objects are equal when they
/// have the same members, whatever their order. Of a key given twice the last one counts.
package struct JSONObject: Sendable {
  /// A key with its value.
  package struct Member: Sendable {
    package let key: String
    package var value: JSON
  }

  package private(set) var members: [Member] = []

  package init() {}

  /// Takes the members as they are; the caller promises that no key stands twice.
  package init(uniqueKeysWithValues members: [(String, JSON)]) {
    self.members = members.map { Member(key: $0.0, value: $0.1) }
  }

  package subscript(key: String) -> JSON? {
    get { index(of: key).map { members[$0].value } }
    set {
      switch (index(of: key), newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// Through the elements' own place here and in `hasRepeatedKey`, the innermost loops of whatever
  /// reads JSON: an array would hand out a copy of each member that is passed by.
  private func index(of key: String) -> Int? {
    members.withUnsafeBufferPointer { members in
      var index = members.count - 1
      while index >= 0 {
        if Self.isSame(members[index].key, key) { return index }
        index -= 1
      }
      return nil
    }
  }

  /// Most keys differ in their lengths.
  @inline(__always)
  private static func isSame(_ one: String, _ other: String) -> Bool {
    one.utf8.count == other.utf8.count && one == other
  }

  package var keys: [String] { members.map { $0.key } }
  package var count: Int { members.count }
  package var isEmpty: Bool { members.isEmpty }

  /// What a text said: of a key given twice the last value counts, at the place of the first.
  init(lastOfEachKey members: [Member]) {
    guard Self.hasRepeatedKey(members) else {
      self.members = members
      return
    }
    var places: [String: Int] = [:]
    for member in members {
      if let place = places[member.key] {
        self.members[place].value = member.value
      } else {
        places[member.key] = self.members.count
        self.members.append(member)
      }
    }
  }

  /// Pairs are compared one by one while they are few; beyond that a set keeps the work linear.
  private static func hasRepeatedKey(_ members: [Member]) -> Bool {
    if members.count > 64 { return Set(members.lazy.map { $0.key }).count < members.count }
    return members.withUnsafeBufferPointer { members in
      var index = 1
      while index < members.count {
        var earlier = 0
        while earlier < index {
          if isSame(members[earlier].key, members[index].key) { return true }
          earlier += 1
        }
        index += 1
      }
      return false
    }
  }
}

extension JSONObject: Sequence {
  package func makeIterator() -> some IteratorProtocol<(key: String, value: JSON)> {
    members.lazy.map { (key: $0.key, value: $0.value) }.makeIterator()
  }
}

extension JSONObject: Hashable {
  package static func == (left: JSONObject, right: JSONObject) -> Bool {
    guard left.count == right.count else { return false }
    return left.members.withUnsafeBufferPointer { left in
      right.members.withUnsafeBufferPointer { other in
        var index = 0
        while index < left.count {
          // Two texts of one object have mostly one order.
          if isSame(left[index].key, other[index].key) {
            guard left[index].value == other[index].value else { return false }
          } else {
            guard let place = right.index(of: left[index].key),
              left[index].value == other[place].value
            else { return false }
          }
          index += 1
        }
        return true
      }
    }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(members.reduce(0) { $0 ^ $1.key.hashValue })
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self.init(uniqueKeysWithValues: elements)
  }
}
