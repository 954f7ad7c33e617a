/// The tokens of `TestWorld` as a session shows them: numbered in the order in which they appear.
/// The length stays, so that tables stay aligned. The checksum of an API key, which would tell the
/// token, is shown as zeros.
struct SessionNames {
  private var shown: [String: String] = [:]
  private var actual: [String: String] = [:]

  private static var token: Regex<(Substring, Substring)> { /A{3,}([0-9]{3,})/ }

  private static var checksum: Regex<(Substring, Substring)> {
    /(_(?:live|test)_A{40}[0-9]{3})[0-9A-Za-z]{6}/
  }

  /// What came out, with the numbers of the session.
  mutating func shown(_ text: String) -> String {
    let text = text.replacing(Self.checksum) { "\($0.1)000000" }
    for match in text.matches(of: Self.token) {
      let number = String(match.1)
      guard shown[number] == nil else { continue }
      let digits = String(shown.count + 1)
      let name = String(repeating: "0", count: max(0, number.count - digits.count)) + digits
      shown[number] = name
      actual[name] = number
    }
    return Self.replace(text, by: shown)
  }

  /// A line of the session as it is to be run.
  func actual(_ line: String) -> String { Self.replace(line, by: actual) }

  private static func replace(_ text: String, by names: [String: String]) -> String {
    text.replacing(token) { match in
      String(match.0.dropLast(match.1.count)) + (names[String(match.1)] ?? String(match.1))
    }
  }
}
