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
    get { members.last { $0.key == key }?.value }
    set {
      let index = members.lastIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append((key, value))
      case (nil, nil): break
      }
    }
  }

  package var keys: [String] { members.map { $0.key } }
  package var count: Int { members.count }
  package var isEmpty: Bool { members.isEmpty }

  mutating func append(_ key: String, _ value: JSON) { members.append((key, value)) }
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
