/// A text that must never be shown: its description is redacted, whoever prints it.
///
/// `reveal()` is the one way to the text, so that each use of a secret can be found by its name.
package struct Secret: Sendable, Hashable {
  private let text: String

  package init(_ text: String) { self.text = text }

  package func reveal() -> String { text }

  package var isEmpty: Bool { text.isEmpty }

  /// Enough to tell two secrets apart: the prefix up to the last `_` among the first 8 characters
  /// and the last 4 characters. At least 8 characters stay hidden; of a text shorter than 16,
  /// all of them.
  package var redacted: String {
    guard text.count >= 16 else { return "****" }
    let head = text.prefix(8)
    let prefix = head.lastIndex(of: "_").map { head[...$0] } ?? ""
    let isSafe = text.count - prefix.count - 4 >= 8
    return "\(isSafe ? prefix : "")****\(text.suffix(4))"
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { redacted }
  package var debugDescription: String { redacted }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
