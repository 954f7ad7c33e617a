/// Finds card numbers, so that none ends in a log, a note, metadata or a history of the shell.
enum CardNumber {
  /// What a character is to a number: a digit of any script, what people set between groups, what
  /// makes a longer name of it, or anything else.
  private enum Mark: Hashable {
    case digit(Int)
    case separator
    case underscore
    case letter
    case other

    init(_ scalar: Unicode.Scalar) {
      switch scalar {
      case "0"..."9": self = .digit(Int(scalar.value - 0x30))
      case "_": self = .underscore
      // Spaces, points and slashes; hyphens, dashes and the minus sign, also the wide ones.
      case " ", "\t", "\u{A0}", "\u{2000}"..."\u{200B}", "\u{202F}", "\u{3000}", ".", "/", "-",
        "·", "\u{2010}"..."\u{2015}", "\u{2212}", "\u{FF0D}", "\u{FF0E}", "\u{FF0F}":
        self = .separator
      default:
        if scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue,
          let digit = Int(exactly: value)
        {
          self = .digit(digit)
        } else {
          self = scalar.properties.isAlphabetic ? .letter : .other
        }
      }
    }

    var digit: Int? { if case .digit(let digit) = self { digit } else { nil } }
    var isSeparator: Bool { self == .separator || self == .underscore }
    var isWord: Bool { digit != nil || self == .letter || self == .underscore }
  }

  /// Whether a text has 13 to 19 digits (spaces, dashes, points, slashes or underscores between
  /// them allowed) that pass the check of ISO/IEC 7812-1 (Luhn): the whole text in any grouping, or
  /// a part of it that stands free and whose groups have at least three digits, so that dates do
  /// not count.
  static func stands(in text: String) -> Bool {
    guard mayStand(in: text) else { return false }
    let marks = text.unicodeScalars.map { Mark($0) }
    let digits = marks.compactMap { $0.digit }
    guard digits.count >= 13 else { return false }
    if marks.allSatisfy({ $0.digit != nil || $0.isSeparator }), isCardNumber(digits) { return true }
    return runs(in: marks).contains { hasCardNumber($0) }
  }

  /// Whether there are enough digits without a letter among them: quickly told, since most texts are
  /// ids with few. A digit of another script has at least one byte that is not ASCII.
  private static func mayStand(in text: String) -> Bool {
    var digits = 0
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x80...: digits += 1
      case 0x41...0x5A, 0x61...0x7A: digits = 0
      default: break
      }
      if digits >= 13 { return true }
    }
    return false
  }

  /// The first line of a text, counted from 1, in which a card number stands.
  static func line(in text: String) -> Int? {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return lines.firstIndex { stands(in: String($0)) }.map { $0 + 1 }
  }

  /// The runs of digit groups with single separators between them, none beside a letter or after
  /// an underscore, as ids have them.
  private static func runs(in marks: [Mark]) -> [[[Int]]] {
    var runs: [[[Int]]] = []
    var index = 0
    while index < marks.count {
      guard marks[index].digit != nil, index == 0 || !marks[index - 1].isWord else {
        index += 1
        continue
      }
      var groups: [[Int]] = []
      while index < marks.count, marks[index].digit != nil {
        var group: [Int] = []
        while index < marks.count, let digit = marks[index].digit {
          group.append(digit)
          index += 1
        }
        let continues =
          index + 1 < marks.count && marks[index].isSeparator && marks[index + 1].digit != nil
        if !continues, index < marks.count, marks[index].isWord { break }
        groups.append(group)
        if continues { index += 1 }
      }
      if !groups.isEmpty { runs.append(groups) }
    }
    return runs
  }

  /// Cards are printed in groups of three to six digits; longer ones beside each other are dates and
  /// times in the name of a file.
  private static func hasCardNumber(_ groups: [[Int]]) -> Bool {
    for start in groups.indices {
      if isCardNumber(groups[start]) { return true }
      var digits: [Int] = []
      for group in groups[start...].prefix(6) {
        guard (3...6).contains(group.count) else { break }
        digits += group
        if isCardNumber(digits) { return true }
      }
    }
    return false
  }

  private static func isCardNumber(_ digits: [Int]) -> Bool {
    guard (13...19).contains(digits.count) else { return false }
    var sum = 0
    for (index, digit) in digits.reversed().enumerated() {
      let value = digit * (index.isMultiple(of: 2) ? 1 : 2)
      sum += value > 9 ? value - 9 : value
    }
    return sum.isMultiple(of: 10)
  }
}
