/// Words that cannot be understood: nothing has been done.
struct UsageError: Error, Sendable, Hashable {
  /// What was wrong.
  var message: String
  /// The known name that is nearest to an unknown one.
  var suggestion: String?
  /// The command whose help tells more; empty for the program itself.
  var command: String

  init(_ message: String, suggestion: String? = nil, command: String = "") {
    self.message = message
    self.suggestion = suggestion
    self.command = command
  }

  /// The whole error in one line.
  var line: String {
    let nearest = suggestion.map { "; did you mean \($0)?" } ?? ";"
    let words = command.isEmpty ? "billing --help" : "billing \(command) --help"
    return "\(message)\(nearest) see \(words)"
  }
}
