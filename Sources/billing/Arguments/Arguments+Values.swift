import Basics

/// Values with a form: each is read once, here, and a wrong one is a usage error that names it.
extension Arguments {
  /// A choice as a type of its own: `--interval month`.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, as type: Choice.Type = Choice.self
  ) throws(UsageError) -> Choice? where Choice.RawValue == String {
    guard let text = try option(name) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map { $0.rawValue }
    throw UsageError(
      "\(name) must be \(Self.list(known)), not \(Self.quoted(text))",
      suggestion: NearestName.of(text, among: known), command: command)
  }

  /// A whole number of an option, within a range.
  func integer(
    _ name: String, in range: ClosedRange<Int64> = 0...Int64.max
  ) throws(UsageError) -> Int64? {
    guard let text = try option(name) else { return nil }
    return try integer(text, of: name, in: range)
  }

  /// A whole number of the next positional, within a range.
  mutating func positionalInteger(
    _ name: String, in range: ClosedRange<Int64> = 0...Int64.max
  ) throws(UsageError) -> Int64 {
    try integer(positional(name), of: name, in: range)
  }

  /// A whole number of the next positional, where there is one.
  mutating func optionalPositionalInteger(
    _ name: String, in range: ClosedRange<Int64> = 0...Int64.max
  ) throws(UsageError) -> Int64? {
    guard let text = optionalPositional(name) else { return nil }
    return try integer(text, of: name, in: range)
  }

  private func integer(
    _ text: String, of name: String, in range: ClosedRange<Int64>
  ) throws(UsageError) -> Int64 {
    guard let value = WholeNumber.parse(text) else {
      throw error("\(name) must be a whole number, not \(Self.quoted(text))")
    }
    guard range.contains(value) else {
      let words =
        switch (range.lowerBound, range.upperBound) {
        case (let lower, .max): "at least \(lower)"
        case (let lower, let upper): "from \(lower) to \(upper)"
        }
      throw error("\(name) must be \(words), not \(value)")
    }
    return value
  }

  /// An amount in the currency's minor unit; a point in it is what many try first.
  func amount(
    _ name: String, in range: ClosedRange<Int64> = 0...99_999_999
  ) throws(UsageError) -> Int64? {
    guard let text = try option(name) else { return nil }
    if text.contains("."), WholeNumber.parse(text.filter { $0 != "." }) != nil {
      throw error("\(name) is in the minor unit, a whole number (1900 for 19.00)")
    }
    return try integer(text, of: name, in: range)
  }

  /// A moment or a span; which way a span counts is said where it is resolved.
  func time(_ name: String) throws(UsageError) -> TimeArgument? {
    guard let text = try option(name) else { return nil }
    guard let time = TimeArgument(parsing: text) else {
      throw error(
        "\(name) must be a time (2026-11-20T10:00:00Z, 2026-11-20, unix seconds, 3d, 12h), "
          + "not \(Self.quoted(text))")
    }
    return time
  }

  /// A length of time: `90s`, `24h`, `1 month`.
  func span(_ name: String) throws(UsageError) -> TimeSpan? {
    guard let text = try option(name) else { return nil }
    guard let span = TimeSpan(parsing: text) else {
      throw error("\(name) must be a length of time (90s, 24h, 3d), not \(Self.quoted(text))")
    }
    return span
  }

  /// The pairs of a repeated `--metadata KEY=VALUE`, in their order; Stripe's limits apply: 50 keys
  /// of 40 characters, values of 500, no brackets in keys. An empty value removes the key.
  func metadata(_ name: String = "--metadata") throws(UsageError) -> JSONObject {
    var pairs = JSONObject()
    for text in options(name) {
      let (key, value) = Self.split(text)
      guard let value, !key.isEmpty else {
        throw error("\(name) must be KEY=VALUE, not \(Self.quoted(text))")
      }
      guard key.count <= 40, !key.contains("["), !key.contains("]") else {
        throw error("\(name) takes keys of at most 40 characters without brackets")
      }
      guard value.count <= 500 else {
        throw error("\(name) takes values of at most 500 characters (\(key))")
      }
      guard pairs[key] == nil else { throw error("\(name) has \(Self.quoted(key)) twice") }
      pairs[key] = .string(value)
    }
    guard pairs.count <= 50 else { throw error("\(name) takes at most 50 keys") }
    return pairs
  }
}

/// Whole numbers as people write them: digits, a minus before them, nothing else.
enum WholeNumber {
  static func parse(_ text: String) -> Int64? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }) else {
      return nil
    }
    return Int64(text)
  }
}

extension Arguments {
  /// A currency by its three letters, in lower case as Stripe writes it.
  func currency(_ name: String) throws(UsageError) -> String? {
    guard let text = try option(name)?.lowercased() else { return nil }
    guard text.wholeMatch(of: /[a-z]{3}/) != nil else {
      throw error("\(name) must be three letters, as usd")
    }
    return text
  }
}
