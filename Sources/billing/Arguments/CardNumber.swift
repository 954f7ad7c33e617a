/// Finds card numbers, so that none ends in a log, a note, metadata or a history of the shell.
enum CardNumber {
  /// Whether a text has 13 to 19 digits (spaces and dashes between them allowed) that pass the
  /// check of ISO/IEC 7812-1 (Luhn): the whole text in any grouping, or a part of it that stands
  /// free and whose groups have at least three digits, so that dates do not count.
  static func stands(in text: String) -> Bool {
    guard text.utf8.count >= 13 else { return false }
    let bytes = Array(text.utf8)
    if bytes.allSatisfy({ isDigit($0) || isSeparator($0) }),
      isCardNumber(bytes.filter { isDigit($0) })
    {
      return true
    }
    return runs(in: bytes).contains { hasCardNumber($0) }
  }

  /// The runs of digit groups with single separators between them, none beside a letter or `_`.
  private static func runs(in bytes: [UInt8]) -> [[[UInt8]]] {
    var runs: [[[UInt8]]] = []
    var index = 0
    while index < bytes.count {
      guard isDigit(bytes[index]), index == 0 || !isWord(bytes[index - 1]) else {
        index += 1
        continue
      }
      var groups: [[UInt8]] = []
      while index < bytes.count, isDigit(bytes[index]) {
        let start = index
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
        if index < bytes.count, isWord(bytes[index]) { break }
        groups.append(Array(bytes[start..<index]))
        if index + 1 < bytes.count, isSeparator(bytes[index]), isDigit(bytes[index + 1]) {
          index += 1
        }
      }
      if !groups.isEmpty { runs.append(groups) }
    }
    return runs
  }

  private static func hasCardNumber(_ groups: [[UInt8]]) -> Bool {
    for start in groups.indices {
      var digits: [UInt8] = []
      for group in groups[start...].prefix(6) where group.count >= 3 {
        digits += group
        if isCardNumber(digits) { return true }
      }
    }
    return false
  }

  private static func isCardNumber(_ digits: [UInt8]) -> Bool {
    guard (13...19).contains(digits.count) else { return false }
    var sum = 0
    for (index, digit) in digits.reversed().enumerated() {
      let value = Int(digit - UInt8(ascii: "0")) * (index.isMultiple(of: 2) ? 1 : 2)
      sum += value > 9 ? value - 9 : value
    }
    return sum.isMultiple(of: 10)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-")
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
