import Basics

/// `billing help`: the page of the program, a group, a command or a topic.
struct Help: Command {
  static let name = "help"
  static let summary = "Explain a command or a topic"
  static let discussion = """
    Without a word it lists all commands; with the words of a command, or of a group of commands,
    it explains that. A topic is what commands share, or a task that takes several of them; a word
    that is both is explained as both. Topics: \(topics).
    """
  static let parameters: [Parameter] = [.rest("COMMAND", "Words of a command, or a topic")]
  static let examples = ["help", "help version", "help exit-codes", "help go-live"]
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
    return TextReport(text: Self.text(of: path))
  }

  /// The page of a command or a group, and after it the topic of the same name.
  static func text(of path: String) -> String {
    guard let topic = HelpTopic.named(path) else { return HelpText.page(path) }
    guard Registry.command(path) != nil || Registry.isGroup(path) else { return topic.text }
    return "\(HelpText.page(path))\n\(topic.summary)\n\n\(topic.text)"
  }
}
