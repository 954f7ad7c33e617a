import Basics

/// The members of a mapping, read one by one; what is wrong with them is noted in the log and read
/// as nil.
struct YAMLFields {
  /// What the mapping is, for messages: `plan pro`.
  let what: String
  let mark: TextMark
  let log: MistakeLog
  private let members: [YAMLNode.Member]

  /// Notes keys that are not among the known ones; nil where this is no mapping.
  init?(_ node: YAMLNode, _ what: String, keys: [String], log: MistakeLog) {
    guard case .mapping(let members) = node.content else {
      log.add(node.mark, "\(what) must be a mapping, not \(node.words)")
      return nil
    }
    for member in members where !keys.contains(member.key) {
      let hint = NearestName.of(member.key, among: keys).map { "; did you mean `\($0)`?" } ?? ""
      log.add(member.mark, "unknown key `\(YAMLNode.shown(member.key))` in \(what)\(hint)")
    }
    (self.what, self.mark, self.log, self.members) = (what, node.mark, log, members)
  }

  /// A mapping whose keys are the catalogue's own names.
  static func members(_ node: YAMLNode?, _ what: String, log: MistakeLog) -> [YAMLNode.Member] {
    guard let node, !node.isNull else { return [] }
    guard case .mapping(let members) = node.content else {
      log.add(node.mark, "\(what) must be a mapping, not \(node.words)")
      return []
    }
    return members.filter { member in
      let isID = CatalogueID.isValid(member.key)
      if !isID { log.add(member.mark, CatalogueID.mistake(member.key)) }
      return isID
    }
  }

  static func elements(_ node: YAMLNode?, _ what: String, log: MistakeLog) -> [YAMLNode] {
    guard let node, !node.isNull else { return [] }
    guard case .sequence(let elements) = node.content else {
      log.add(node.mark, "\(what) must be a list, not \(node.words)")
      return []
    }
    return elements
  }

  /// The value of a key; nil where it is absent or null.
  func node(_ key: String) -> YAMLNode? {
    guard let value = members.first(where: { $0.key == key })?.value, !value.isNull else {
      return nil
    }
    return value
  }

  /// The value of a key that has to be there.
  func required(_ key: String) -> YAMLNode? {
    let value = node(key)
    if value == nil { log.add(mark, "\(what) has no `\(key)`") }
    return value
  }

  /// Where a key's value stands, else the mapping.
  func mark(_ key: String) -> TextMark { node(key)?.mark ?? mark }

  // MARK: Values

  func text(_ key: String, maximum: Int = 200) -> String? {
    node(key).flatMap { Self.text($0, "`\(key)`", maximum: maximum, log: log) }
  }

  func requiredText(_ key: String, maximum: Int = 200) -> String? {
    required(key).flatMap { Self.text($0, "`\(key)`", maximum: maximum, log: log) }
  }

  static func text(
    _ node: YAMLNode, _ name: String, maximum: Int = 200, log: MistakeLog
  ) -> String? {
    switch node.scalar {
    case .text(let text):
      if text.isEmpty || text.count > maximum {
        log.add(node.mark, "\(name) must have 1 to \(maximum) characters, not \(text.count)")
        return nil
      }
      return text
    case .flag, .integer, .decimal:
      log.add(node.mark, "\(name) must be a text, not \(node.words); put it in quotes")
    case .null, nil: log.add(node.mark, "\(name) must be a text, not \(node.words)")
    }
    return nil
  }

  func requiredID(_ key: String) -> String? {
    guard let node = required(key),
      let text = Self.text(node, "`\(key)`", maximum: .max, log: log)
    else { return nil }
    guard CatalogueID.isValid(text) else {
      log.add(node.mark, CatalogueID.mistake(text))
      return nil
    }
    return text
  }

  func flag(_ key: String) -> Bool? {
    guard let node = node(key) else { return nil }
    if case .flag(let value) = node.scalar { return value }
    log.add(node.mark, "`\(key)` must be true or false, not \(node.words)")
    return nil
  }

  func integer(_ key: String, _ range: ClosedRange<Int64>) -> Int64? {
    node(key).flatMap { Self.integer($0, "`\(key)`", range, log: log) }
  }

  static func integer(
    _ node: YAMLNode, _ name: String, _ range: ClosedRange<Int64>, log: MistakeLog
  ) -> Int64? {
    guard case .integer(let text) = node.scalar else {
      log.add(node.mark, "\(name) must be a whole number, not \(node.words)")
      return nil
    }
    guard let value = Int64(text), range.contains(value) else {
      let limits = "from \(range.lowerBound) to \(range.upperBound)"
      log.add(node.mark, "\(name) must be \(limits), not \(node.words)")
      return nil
    }
    return value
  }

  /// An amount of money in minor units.
  func amount(_ key: String, currency: String?) -> Int64? {
    guard let node = required(key) else { return nil }
    guard case .integer = node.scalar else {
      log.add(
        node.mark, "`\(key)` must be a whole number of minor units (cents), not \(node.words)")
      return nil
    }
    let maximum = Currency.maximumAmount(currency ?? "usd")
    return Self.integer(node, "`\(key)`", 0...maximum, log: log)
  }

  /// A decimal that is not negative, exact, without superfluous zeros.
  static func decimal(_ node: YAMLNode, _ name: String, log: MistakeLog) -> String? {
    let text: String
    switch node.scalar {
    case .integer(let value), .decimal(let value), .text(let value): text = value
    case .flag, .null, nil: text = ""
    }
    guard let decimal = DecimalText.normalized(text) else {
      log.add(
        node.mark,
        "\(name) must be a decimal such as 0.05, not negative, with at most 12 digits on either side, not \(node.words)"
      )
      return nil
    }
    return decimal
  }

  /// One of some words.
  func choice<Choice: CaseIterable & RawRepresentable>(
    _ key: String, _: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    guard let node = node(key) else { return nil }
    if case .text(let text) = node.scalar, let choice = Choice(rawValue: text) { return choice }
    let words = Choice.allCases.map { $0.rawValue }.joined(separator: ", ")
    log.add(node.mark, "`\(key)` must be one of \(words), not \(node.words)")
    return nil
  }

  func currency(_ key: String = "currency") -> String? {
    guard let node = node(key) else { return nil }
    if case .text(let text) = node.scalar, Currency.isKnown(text) { return text }
    log.add(
      node.mark, "`\(key)` must be a currency that Stripe takes, such as usd, not \(node.words)")
    return nil
  }

  /// An address that a browser can go to: https, or http on this machine.
  func url(_ key: String) -> String? {
    guard let text = text(key, maximum: 2000) else { return nil }
    let pattern = /(https:\/\/[^\/\s?#@]+|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?)([\/?#]\S*)?/
    if text.wholeMatch(of: pattern) != nil { return text }
    log.add(mark(key), "`\(key)` must be an https address, not \"\(YAMLNode.shown(text))\"")
    return nil
  }
}
