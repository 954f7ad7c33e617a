/// The members of a JSON object, in the order in which they were given.
///
/// Look-up is linear: an object at Stripe has some dozens of keys. Two objects are equal when they
/// have the same members, whatever their order. Of a key given twice the last one counts.
package struct JSONObject: Sendable {
  package private(set) var members: [(key: String, value: JSON)] = []

  package init() {}

  /// Takes the members as they are; the caller promises that no key stands twice.
  package init(uniqueKeysWithValues members: [(String, JSON)]) {
    self.members = members.map { (key: $0.0, value: $0.1) }
  }

  package subscript(key: String) -> JSON? {
    get { index(of: key).map { members[$0].value } }
    set {
      switch (index(of: key), newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append((key, value))
      case (nil, nil): break
      }
    }
  }

  /// Plain loops here and in `hasRepeatedKey`: they are the innermost of whatever reads JSON.
  private func index(of key: String) -> Int? {
    var index = members.count - 1
    while index >= 0 {
      if members[index].key == key { return index }
      index -= 1
    }
    return nil
  }

  package var keys: [String] { members.map { $0.key } }
  package var count: Int { members.count }
  package var isEmpty: Bool { members.isEmpty }

  /// What a text said: of a key given twice the last value counts, at the place of the first.
  init(lastOfEachKey members: [(key: String, value: JSON)]) {
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
  private static func hasRepeatedKey(_ members: [(key: String, value: JSON)]) -> Bool {
    if members.count > 24 { return Set(members.lazy.map { $0.key }).count < members.count }
    var index = 1
    while index < members.count {
      var earlier = 0
      while earlier < index {
        if members[earlier].key == members[index].key { return true }
        earlier += 1
      }
      index += 1
    }
    return false
  }
}

extension JSONObject: Sequence {
  package func makeIterator() -> IndexingIterator<[(key: String, value: JSON)]> {
    members.makeIterator()
  }
}

extension JSONObject: Hashable {
  package static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
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
