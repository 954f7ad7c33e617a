import Basics

/// An error as it is shown: words, a hint, a stable code and the exit code.
///
/// Commands throw it where they notice something themselves; errors of the layers below become one
/// through `Explainable`.
struct CommandError: Error, Sendable, Hashable {
  /// The stable name that scripts read: `error.code`.
  var code: String
  /// What was wrong, in one line.
  var message: String
  /// What helps, where something does.
  var hint: String?
  var exit: ExitCode
  var requestID: String?
  /// What is to be said for each of several mistakes (`file`, `line`, `column`, `message`).
  var details: [JSON] = []

  init(
    _ code: String, _ message: String, hint: String? = nil, exit: ExitCode,
    requestID: String? = nil, details: [JSON] = []
  ) {
    self.code = code
    self.message = message
    self.hint = hint
    self.exit = exit
    self.requestID = requestID
    self.details = details
  }

  /// `{"error":{"code":…,"message":…,"hint":…,"exit":…,"request_id":…,"details":…}}`: the last
  /// three of them and the hint only where there are any.
  var json: JSON {
    var object: JSONObject = ["code": .string(code), "message": .string(message)]
    if let hint { object["hint"] = .string(hint) }
    object["exit"] = .integer(Int64(exit.rawValue))
    if let requestID { object["request_id"] = .string(requestID) }
    if !details.isEmpty { object["details"] = .array(details) }
    return ["error": .object(object)]
  }
}

// MARK: Those that commands throw

extension CommandError {
  /// Exit 2.
  static func usage(_ message: String, hint: String? = nil) -> CommandError {
    CommandError("usage", message, hint: hint, exit: .usage)
  }

  /// Exit 4: what the user named and nobody knows.
  static func notFound(_ message: String, hint: String? = nil) -> CommandError {
    CommandError("not_found", message, hint: hint, exit: .notFound)
  }

  /// Exit 5, with the code that says which conflict it is.
  static func conflict(_ code: String, _ message: String, hint: String? = nil) -> CommandError {
    CommandError(code, message, hint: hint, exit: .conflict)
  }

  /// Exit 8, with the code that says what of the configuration is wrong.
  static func configuration(
    _ code: String, _ message: String, hint: String? = nil, details: [JSON] = []
  ) -> CommandError {
    CommandError(code, message, hint: hint, exit: .configuration, details: details)
  }

  /// Exit 10: part of a batch failed.
  static func partial(_ message: String, hint: String? = nil) -> CommandError {
    CommandError("partial", message, hint: hint, exit: .partial)
  }

  /// Exit 10: a check found differences.
  static func drift(_ message: String, hint: String? = nil) -> CommandError {
    CommandError("drift", message, hint: hint, exit: .partial)
  }

  /// Exit 1: what should not have happened.
  static func unexpected(_ code: String = "internal", _ message: String) -> CommandError {
    CommandError(code, message, exit: .unexpected)
  }
}
