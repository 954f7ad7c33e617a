private import Foundation

/// Texts in the header of a mail: as they are where they are plain, else as encoded words (RFC 2047).
enum HeaderText {
  /// A line longer than this is folded.
  private static let plainLimit = 60
  /// In base64, with what stands around it, that many bytes stay below the 75 of an encoded word.
  private static let bytesOfAWord = 42

  /// Whether a text has no line break and no other control character.
  static func isPossible(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      scalar.properties.generalCategory != .control && scalar.value != 0x2028
        && scalar.value != 0x2029
    }
  }

  static func encoded(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && text.utf8.count <= plainLimit
      && !text.contains("=?") && text.first != " " && text.last != " "
    return isPlain ? text : words(text)
  }

  /// A name before an address; nil where there is none. What is not letters, digits and blanks might
  /// mean something there, and is encoded.
  static func name(_ text: String?) -> String? {
    guard let text, !text.isEmpty else { return nil }
    let isPlain =
      text.utf8.count <= plainLimit
      && text.wholeMatch(of: /[A-Za-z0-9]+( [A-Za-z0-9]+)*/) != nil
    return isPlain ? text : words(text)
  }

  /// One encoded word a line; none of them cuts a character.
  private static func words(_ text: String) -> String {
    var words: [[UInt8]] = [[]]
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if words[words.count - 1].count + bytes.count > bytesOfAWord { words.append([]) }
      words[words.count - 1] += bytes
    }
    return words.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }
      .joined(separator: "\r\n ")
  }
}
