/// The few colours that say something: a table of our own is shorter than the library's set-up,
/// which decides by global state whether it colours at all.
enum Color: String, Sendable, Hashable {
  case bold = "1"
  case dim = "2"
  case red = "31"
  case green = "32"
  case yellow = "33"

  func applied(to text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}
