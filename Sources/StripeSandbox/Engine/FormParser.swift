import Basics

/// A form as it came: texts in a tree of names.
///
/// `items[0][price]=a` is the text `a` at `items`, `0`, `price`. What is an array and what an
/// object only the parameters' declaration tells.
struct Form {
  var text: String?
  var children: [Child] = []

  struct Child {
    var name: String
    var value = Form()
  }

  var members: [(name: String, value: Form)] { children.map { ($0.name, $0.value) } }

  subscript(name: String) -> Form? { children.first { $0.name == name }?.value }

  /// Limits on what comes from outside.
  static let maximumDepth = 16
  static let maximumPairs = 5_000
}

extension Form {
  /// Reads `a=1&b[c]=2`, percent-encoded; a plus is a space.
  init(parsing bytes: some Collection<UInt8>) throws(SandboxError) {
    let pairs = bytes.split(separator: UInt8(ascii: "&"))
    guard pairs.count <= Self.maximumPairs else {
      throw .invalid("The request has more than \(Self.maximumPairs) parameters.")
    }
    for pair in pairs {
      let equals = pair.firstIndex(of: UInt8(ascii: "="))
      let name = try Self.decoded(pair[..<(equals ?? pair.endIndex)])
      let value = try equals.map { (index) throws(SandboxError) in
        try Self.decoded(pair[index...].dropFirst())
      }
      guard !name.isEmpty else { throw Self.malformed(name) }
      try insert(value ?? "", at: Self.steps(of: name)[...], name: name)
    }
  }

  static func decoded(_ bytes: some Collection<UInt8>) throws(SandboxError) -> String {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(hexValue),
          let low = rest.popFirst().flatMap(hexValue)
        else {
          throw .invalid("Invalid request: the percent-encoding of the parameters is broken.")
        }
        decoded.append(high << 4 | low)
      default: decoded.append(byte)
      }
    }
    guard let text = String(validating: decoded, as: UTF8.self), !decoded.contains(0) else {
      throw .invalid("Invalid request: the parameters are not valid UTF-8.")
    }
    return text
  }

  private static func hexValue(_ digit: UInt8) -> UInt8? {
    Character(UnicodeScalar(digit)).hexDigitValue.map { UInt8($0) }
  }

  /// `a[b][]` is `a`, `b` and the empty step.
  private static func steps(of name: String) throws(SandboxError) -> [String] {
    guard let open = name.firstIndex(of: "["), open != name.startIndex else {
      guard name.first != "[" else { throw malformed(name) }
      return [name]
    }
    guard name.last == "]" else { throw malformed(name) }
    let inner = name[name.index(after: open)...].dropLast()
    var steps = [String(name[..<open])]
    for part in inner.split(separator: "][", omittingEmptySubsequences: false) {
      guard !part.contains("["), !part.contains("]") else { throw malformed(name) }
      steps.append(String(part))
    }
    guard steps.count <= maximumDepth else {
      throw .invalid("The parameter \(name) is nested too deeply.")
    }
    return steps
  }

  private static func malformed(_ name: String) -> SandboxError {
    .invalid("Invalid request: the parameter name '\(name)' is malformed.")
  }

  private mutating func insert(
    _ value: String, at steps: ArraySlice<String>, name: String
  ) throws(SandboxError) {
    guard let step = steps.first else {
      guard children.isEmpty else { throw Self.malformed(name) }
      text = value
      return
    }
    guard text == nil || text == "" else { throw Self.malformed(name) }
    text = nil
    let rest = steps.dropFirst()
    let index: Int
    if step.isEmpty {
      index = indexOfOpenElement(before: rest.first)
    } else if let found = children.firstIndex(where: { $0.name == step }) {
      index = found
    } else {
      children.append(Child(name: step))
      index = children.count - 1
    }
    try children[index].value.insert(value, at: rest, name: name)
  }

  /// `a[][x]=1&a[][y]=2` is one element, `a[][x]=1&a[][x]=2` two.
  private mutating func indexOfOpenElement(before next: String?) -> Int {
    if let next, let last = children.last, !next.isEmpty, last.value.text == nil,
      last.value[next] == nil
    {
      return children.count - 1
    }
    children.append(Child(name: String(children.count)))
    return children.count - 1
  }
}
