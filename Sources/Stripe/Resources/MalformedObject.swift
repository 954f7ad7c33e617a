/// An object of Stripe's that lacks what it must have, or has it in another form.
package struct MalformedObject: Error, Sendable, Hashable {
  /// Stripe's name of the object: `subscription`, `billing.meter`.
  package let kind: String
  /// The object's id, where it has one.
  package let id: String?
  /// Where the bad field is, from the object on: `items.data.0.price.currency`.
  package let path: String
  /// What should have stood there: `a text`.
  package let expected: String

  package init(kind: String, id: String?, path: String, expected: String) {
    self.kind = kind
    self.id = id
    self.path = path
    self.expected = expected
  }
}

extension MalformedObject: CustomStringConvertible {
  package var description: String {
    let name = id.map { "\(kind) \($0)" } ?? kind
    return path.isEmpty ? "\(name) is not \(expected)" : "\(name): \(path) is not \(expected)"
  }
}
