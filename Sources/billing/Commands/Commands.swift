import Basics

/// `billing commands`: every command, for people and for scripts.
struct Commands: Command {
  static let name = "commands"
  static let summary = "List all commands"
  static let discussion = """
    Lists every command with its usage. As JSON each has its arguments and options too, so that
    documentation and wrappers can be made from it. With words it lists those that begin with them.
    """
  static let parameters: [Parameter] = [.rest("WORD", "The first words of the commands to list")]
  static let examples = ["commands", "commands --json", "commands help --format csv"]
  static let readsEnvironment = false

  var words: [String]

  init(parsing arguments: inout Arguments) throws(UsageError) {
    words = try arguments.rest("WORD")
    let path = words.joined(separator: " ")
    guard !path.isEmpty, Registry.command(path) == nil, !Registry.isGroup(path) else { return }
    throw UsageError("no command begins with \(Arguments.quoted(path))", command: Self.name)
  }

  func run(_ context: Context) async throws -> ListReport {
    let path = words.joined(separator: " ")
    let commands = Registry.commands.filter {
      path.isEmpty || ($0.name + " ").hasPrefix(path + " ")
    }
    return ListReport(
      commands.map { Self.json(of: $0) },
      columns: [Column("COMMAND", "usage"), Column("WHAT IT DOES", "summary")],
      empty: "There are no commands.")
  }

  private static func json(of command: any Command.Type) -> JSON {
    [
      "name": .string(command.name),
      "usage": .string(HelpText.usage(of: command, options: false)),
      "summary": .string(command.summary),
      "arguments": .array(command.parameters.filter { $0.isPositional }.map { json(of: $0) }),
      "options": .array(command.parameters.filter { $0.isOption }.map { json(of: $0) }),
      "examples": .array(command.examples.map { .string("billing " + $0) }),
    ]
  }

  private static func json(of parameter: Parameter) -> JSON {
    var object: JSONObject = [
      "name": .string(parameter.name), "summary": .string(parameter.summary),
    ]
    switch parameter.kind {
    case .positional(let isRequired, let repeats):
      object["required"] = .bool(isRequired)
      object["repeats"] = .bool(repeats)
    case .option(let value, let repeats):
      object["value"] = .string(value)
      object["repeats"] = .bool(repeats)
    case .flag:
      object["value"] = .null
      object["repeats"] = false
    }
    object["choices"] = .array(parameter.choices.map { .string($0) })
    return .object(object)
  }
}
