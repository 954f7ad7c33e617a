@testable import billing

/// What words become: a command with its options, or the line that says what is wrong with them.
enum Words {
  struct NoCommand: Error { let line: String }

  static func parsed<Parsed: Command>(_ line: String, as type: Parsed.Type) throws -> Parsed {
    guard case .run(let command, _, _) = try Invocation(Session.words(of: line)),
      let command = command as? Parsed
    else { throw NoCommand(line: line) }
    return command
  }

  /// The whole line of a usage error; nil where the words are understood.
  static func mistake(_ line: String) -> String? {
    do throws(UsageError) {
      _ = try Invocation(Session.words(of: line))
      return nil
    } catch {
      return error.line
    }
  }
}
