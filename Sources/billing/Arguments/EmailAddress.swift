/// Tells what cannot be an e-mail address; whether one receives mail, only mail can tell.
enum EmailAddress {
  /// Whether a text has one `@`, something before it and a host after it, and no blanks.
  static func isPossible(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return false }
    let isClean = text.unicodeScalars.allSatisfy {
      !$0.properties.isWhitespace && $0.properties.generalCategory != .control
    }
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    return isClean && labels.allSatisfy { !$0.isEmpty }
  }
}
