/// The help of the program, of a group of commands and of one command, made from what they declare.
enum HelpText {
  /// The page of a path of words; empty for the program.
  static func page(_ name: String) -> String {
    if let command = Registry.command(name) { return page(of: command) }
    return name.isEmpty ? overview : page(ofGroup: name)
  }

  // MARK: The program

  private static var overview: String {
    """
    Subscriptions, usage and invoices over Stripe, from the shell

    Usage: billing [GLOBAL OPTIONS] COMMAND [ARGUMENTS] [OPTIONS]

    Commands:
    \(list(Registry.words(after: "").map { word in (word, summary(of: word)) }))
    Global options:
    \(list(GlobalOptions.parameters.map { ($0.title, $0.summary) }))
    Topics:
    \(list(HelpTopic.all.map { ($0.name, $0.summary) }))
    First steps, without an account and without a key:
      billing init
      billing --sandbox plans seed
      billing --sandbox customer create --email ada@example.com

    billing help COMMAND tells all about one.

    """
  }

  private static func summary(of word: String) -> String {
    let group = Registry.groups.first { $0.name == word }
    return group?.summary ?? Registry.command(word)?.summary ?? ""
  }

  private static func page(ofGroup name: String) -> String {
    let members = Registry.members(of: name).map { command in
      (usage(of: command, options: false), command.summary)
    }
    let summary = summary(of: name)
    return """
      \(summary.isEmpty ? "" : summary + "\n\n")Commands:
      \(list(members))
      billing help \(name) COMMAND tells all about one.

      """
  }

  // MARK: A command

  private static func page(of command: any Command.Type) -> String {
    let positionals = command.parameters.filter { $0.isPositional }
    let options = command.parameters.filter { $0.isOption }
    var text = """
      \(command.summary)

      Usage: billing \(usage(of: command, options: true))

      \(command.discussion)

      """
    text += section("Arguments", positionals.map { ($0.title, summary(of: $0)) })
    text += section("Options", options.map { ($0.title, summary(of: $0)) })
    if Registry.isGroup(command.name) {
      let members = Registry.members(of: command.name)
      text += section("Commands", members.map { (usage(of: $0, options: false), $0.summary) })
    }
    text += "\nExamples:\n"
    text += command.examples.map { "  billing \($0)\n" }.joined()
    return text + "\nGlobal options: billing help options\n"
  }

  /// `customer show CUSTOMER`, with its options where wanted.
  static func usage(of command: any Command.Type, options: Bool) -> String {
    let hasOptions = command.parameters.contains { $0.isOption }
    let words = Registry.usage(of: command) + (options && hasOptions ? ["[OPTIONS]"] : [])
    return words.joined(separator: " ")
  }

  private static func summary(of parameter: Parameter) -> String {
    let choices = Arguments.list(parameter.choices)
    let isSaid = parameter.choices.isEmpty || parameter.summary.contains(choices)
    return isSaid ? parameter.summary : "\(parameter.summary): \(choices)"
  }

  // MARK: Lists

  private static func section(_ title: String, _ entries: [(String, String)]) -> String {
    entries.isEmpty ? "" : "\n\(title):\n" + list(entries)
  }

  /// Names and what they mean, in two columns; a long name has the meaning on the next line.
  static func list(_ entries: [(String, String)]) -> String {
    let widest = 30
    let width = entries.map { $0.0.count }.filter { $0 <= widest }.max() ?? 0
    let indent = String(repeating: " ", count: width + 4)
    return entries.map { name, meaning in
      let padding = String(repeating: " ", count: max(0, width - name.count))
      let gap = name.count > widest ? "\n" + indent : padding + "  "
      let lines = wrapped(meaning, to: 100 - indent.count)
      return "  \(name)\(gap)\(lines.joined(separator: "\n" + indent))\n"
    }.joined()
  }

  /// A text in lines of at most that many columns, broken between words.
  static func wrapped(_ text: String, to columns: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      let line = lines[lines.count - 1]
      if line.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if DisplayWidth.of(line) + 1 + DisplayWidth.of(word) <= columns {
        lines[lines.count - 1] = "\(line) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
