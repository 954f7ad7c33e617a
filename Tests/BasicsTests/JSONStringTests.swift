import Testing

@testable import Basics

/// Strings are read eight bytes at a time, so whatever ends a run of plain bytes has to be found at
/// each place of such a word.
@Suite(.tags(.unit)) struct JSONStringTests {
  private static let offsets = 0..<25

  private static func error(_ bytes: [UInt8]) -> JSONError? {
    do throws(JSONError) {
      _ = try JSON(parsing: bytes)
      return nil
    } catch {
      return error
    }
  }

  /// So many plain bytes, no two neighbours alike.
  private static func plain(_ length: Int) -> String {
    String((0..<length).map { Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8($0 % 26))) })
  }

  @Test(
    arguments: [
      (#"\""#, "\""), (#"\\"#, "\\"), (#"\/"#, "/"), (#"\b"#, "\u{8}"), (#"\f"#, "\u{C}"),
      (#"\n"#, "\n"), (#"\r"#, "\r"), (#"\t"#, "\t"), (#"\u0041"#, "A"), (#"\u0000"#, "\0"),
      (#"\u20ac"#, "€"), (#"\ud83d\ude00"#, "😀"), (#"\\\""#, "\\\""), (#"\"\"\"\""#, "\"\"\"\""),
      ("é", "é"), ("€", "€"), ("😀", "😀"), ("é\\n", "é\n"), ("\u{7F}", "\u{7F}"), ("/", "/"),
      ("!#[]", "!#[]"),
    ] as [(String, String)])
  func readsWhatStandsAtAnyPlace(written: String, meaning: String) throws {
    for before in Self.offsets {
      for behind in [0, 1, 7, 8, 9] {
        let (head, tail) = (Self.plain(before), Self.plain(behind))
        #expect(try JSON(parsing: "\"\(head)\(written)\(tail)\"") == .string(head + meaning + tail))
        let twice = "\"\(head)\(written)\(tail)\(written)\""
        #expect(try JSON(parsing: twice) == .string(head + meaning + tail + meaning))
      }
    }
  }

  @Test(arguments: ["", #"\n"#, #"\u0041"#, "é"])
  func refusesControlCharactersAtAnyPlace(head: String) {
    for before in Self.offsets {
      for control in UInt8.min..<0x20 {
        let text = Array("\"\(head)\(Self.plain(before))".utf8)
        let error = Self.error(text + [control] + Array("behind it\"".utf8))
        #expect(error == JSONError(reason: .badString, offset: text.count))
      }
    }
  }

  @Test(arguments: ["", #"\n"#])
  func refusesWhatIsNoUTF8AtAnyPlace(head: String) {
    for before in Self.offsets {
      for wrong in [[0xFF], [0x80], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80]] as [[UInt8]] {
        let text = Array("\"\(head)\(Self.plain(before))".utf8) + wrong
        let error = Self.error(text + Array("behind it\"".utf8))
        #expect(error == JSONError(reason: .badString, offset: text.count + 9))
      }
    }
  }

  @Test(arguments: [#"\x"#, #"\u12G4"#, #"\ud83d"#, #"\ud83d\n"#, #"\ude00"#])
  func refusesWrongEscapesAtAnyPlace(wrong: String) throws {
    let first = try #require(Self.error(Array("\"\(wrong)\"".utf8)))
    #expect(first.reason == .badString)
    for before in Self.offsets {
      let error = Self.error(Array("\"\(Self.plain(before))\(wrong)\"".utf8))
      #expect(error == JSONError(reason: .badString, offset: first.offset + before))
    }
  }

  @Test func everyTextThatEndsTooEarlySaysSo() {
    let text = Array(
      #"{"a long key of many words":"\"é\\\u20ac \ud83d\ude00 and so on","b":["x"]}"#.utf8)
    for length in text.indices {
      let error = Self.error(Array(text[..<length]))
      #expect(error == JSONError(reason: .unexpectedEnd, offset: length))
    }
    #expect(Self.error(text) == nil)
  }

  @Test func readsLongTextsWithManyEscapes() throws {
    let payload = String(repeating: #"{"id":"evt_1","name":"Zoë \ and / "},"#, count: 5000)
    let written = JSON.string(payload).compact
    #expect(try JSON(parsing: written) == .string(payload))
    #expect(try JSON(parsing: "[\(written),\(written)]") == [.string(payload), .string(payload)])
  }
}
