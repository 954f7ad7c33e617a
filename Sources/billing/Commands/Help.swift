import Basics

/// `billing help`: the page of the program, a group, a command or a topic.
struct Help: Command {
  static let name = "help"
  static let summary = "Explain a command or a topic"
  static let discussion = """
    Without a word it lists all commands; with the words of a command, or of a group of commands,
    it explains that. Topics are what commands share:
    \(topics).
    """
  static let parameters: [Parameter] = [.rest("COMMAND", "Words of a command, or a topic")]
  static let examples = ["help", "help version", "help exit-codes"]
  static let readsEnvironment = false

  /// In lines that fit a terminal.
  private static let topics = HelpTopic.all.map { $0.name }.reduce(into: "") { text, name in
    let line = text.split(separator: "\n").last?.count ?? 0
    text += text.isEmpty ? name : (line + name.count > 70 ? ",\n" : ", ") + name
  }

  var words: [String]

  init(parsing arguments: inout Arguments) throws(UsageError) {
    words = try arguments.rest("COMMAND")
    let path = words.joined(separator: " ")
    guard !path.isEmpty, HelpTopic.named(path) == nil, Registry.command(path) == nil,
      !Registry.isGroup(path)
    else { return }
    let known = Registry.commands.map { $0.name } + Registry.words(after: "")
    throw UsageError(
      "no help for \(Arguments.quoted(path))",
      suggestion: NearestName.of(path, among: known + HelpTopic.all.map { $0.name })
        .map { "billing help " + $0 })
  }

  func run(_ context: Context) async throws -> TextReport {
    let path = words.joined(separator: " ")
    return TextReport(text: HelpTopic.named(path)?.text ?? HelpText.page(path))
  }
}
