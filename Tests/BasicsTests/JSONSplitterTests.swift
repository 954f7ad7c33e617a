import Basics
import Testing

@Suite(.tags(.unit)) struct JSONSplitterTests {
  /// The pieces of a text, handed over so many bytes at a time: `3: {"a":1}` with the line, or
  /// `3! reason`; `3!! reason` for the last one that could be made out.
  static func pieces(_ text: String, by length: Int) -> [String] {
    var splitter = JSONSplitter()
    var rest = Array(text.utf8)[...]
    var found: [String] = []
    while true {
      while let piece = splitter.next() {
        let mark = piece.bytes == nil ? (piece.isLast ? "!!" : "!") : ":"
        let words = piece.bytes.map { String(decoding: $0, as: UTF8.self) } ?? piece.reason ?? ""
        #expect(piece.number == found.count + 1)
        found.append("\(piece.line)\(mark) \(words)")
      }
      guard !rest.isEmpty else { return found }
      splitter.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
      if rest.isEmpty { splitter.end() }
    }
  }

  static let texts: [(text: String, pieces: [String])] = [
    (" \n\n", []),
    (#"{"a":1}"#, [#"1: {"a":1}"#]),
    ("\u{FEFF}{}", ["1: {}"]),
    ("{\"a\":1}\n\n{\"b\":\"}\\\"{\"}\r\n{}", ["1: {\"a\":1}", "3: {\"b\":\"}\\\"{\"}", "4: {}"]),
    ("{}{} {}", ["1: {}", "1: {}", "1: {}"]),
    ("{\n  \"a\": [\n    {}\n  ]\n}\n{\n}\n", ["1: {\n  \"a\": [\n    {}\n  ]\n}", "6: {\n}"]),
    ("[]", []),
    ("[{\"a\":1},\n {}, 5, \"x]\"]", ["1: {\"a\":1}", "2: {}", "2: 5", "2: \"x]\""]),
    ("[[{}],[{}]]", ["1: {}", "1: {}"]),
    (
      #"{"object":"list","data":[{"id":1,"data":{"object":{}}},{}],"has_more":false} {"n":1}"#,
      [#"1: {"id":1,"data":{"object":{}}}"#, "1: {}", #"1: {"n":1}"#]
    ),
    (#"[{"data":[{}],"url":"/v1"},{"data" : [ ] },{}]"#, ["1: {}", "1: {}"]),
    (#"{"a":"data","b":[1]}"#, [#"1: {"a":"data","b":[1]}"#]),
    (#"{"a":{"data":[1]}}"#, [#"1: {"a":{"data":[1]}}"#]),
    // What `stripe listen` prints beside the events.
    (
      "> Ready! Your secret is whsec_1\n2026-11-20 10:00:00   --> invoice.paid [evt_1]\n{}\n"
        + "2026-11-20 10:00:00  <--  [200] POST http://localhost [evt_1]\n{}",
      ["3: {}", "5: {}"]
    ),
    // Broken lines.
    ("no\n{}\nnull", ["1! no JSON", "2: {}", "3! no JSON"]),
    ("{\"a\":1\n{\"b\":2}\n{}", ["1! the value does not end", "2: {\"b\":2}", "3: {}"]),
    ("{\"a\":\"x\n{\"b\":2}", ["1! malformed string", "2: {\"b\":2}"]),
    ("{\"a\":[1}\n{}", ["1! brackets do not match", "2: {}"]),
    ("{}}\n{}", ["1: {}", "1! no JSON", "2: {}"]),
    ("{\"a\":\n{\"b\":2}\n{}", ["1! the value does not end", "2: {\"b\":2}", "3: {}"]),
    ("{}\n{\"a\":", ["1: {}", "2! the text ends too early"]),
    ("{\n  \"a\": \"x\n}\n{\n}", ["1! malformed string", "4: {\n}"]),
    // Broken elements of arrays.
    ("[\n  {\"a\":[},\n  {}\n]", ["2! brackets do not match", "3: {}"]),
    ("[{\"a\":[}, {}]", ["1!! brackets do not match"]),
    ("[{} {}]", ["1: {}", "1!! a comma is missing"]),
    ("[{},", ["1: {}", "1!! the text ends too early"]),
    (#"{"data":[{}],"#, ["1: {}", "1!! the text ends too early"]),
    (String(repeating: "[", count: 129), ["1!! nested too deeply"]),
  ]

  @Test(arguments: texts.indices, [1, 3, 1000])
  func cutsValuesOutOfAnyText(index: Int, length: Int) {
    #expect(Self.pieces(Self.texts[index].text, by: length) == Self.texts[index].pieces)
  }

  @Test func aValueThatNeverEndsIsGivenUp() {
    let long = "{\"a\":\"" + String(repeating: "x", count: JSONSplitter.maximumLength)
    #expect(
      Self.pieces(long + "\"}\n{}\n", by: 1 << 20) == ["1! longer than 16 MB", "2: {}"])
  }

  /// Whatever the bytes are, it comes to an end, and what it cuts out stands there.
  @Test func endsWithAnyBytes() {
    var dice = SystemRandomNumberGenerator()
    let letters = Array("{}[]\",:\\\n a1".utf8)
    for _ in 0..<2000 {
      let text = String(
        decoding: (0..<40).map { _ in letters.randomElement(using: &dice) ?? 0 }, as: UTF8.self)
      for piece in Self.pieces(text, by: 7) where piece.contains(": ") {
        let value = piece.split(separator: ": ", maxSplits: 1)[1]
        #expect(text.contains(value))
      }
      #expect(Self.pieces(text, by: 7) == Self.pieces(text, by: 1000))
    }
  }
}
