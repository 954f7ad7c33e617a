/// What may stand in the column `operation`: a command about one customer's subscription, and how
/// the other columns become its words.
struct ApplyOperation: Sendable, Hashable {
  let name: String

  /// Those that this program has. To cancel at once needs a yes, like everything that destroys.
  static let names = [
    "subscribe", "upgrade", "downgrade", "cancel", atOnce, "resume", "pause", "unpause",
  ].filter { Registry.command(commandName($0)) != nil }

  private static let atOnce = "cancel now"

  init?(_ name: String) {
    guard Self.names.contains(name) else { return nil }
    self.name = name
  }

  var needsConfirmation: Bool { name == Self.atOnce }

  private static func commandName(_ name: String) -> String {
    name == atOnce ? "cancel" : name
  }

  private var type: any Command.Type {
    guard let type = Registry.command(Self.commandName(name)) else {
      preconditionFailure("names are those of the registry")
    }
    return type
  }

  /// Whether the command can be told what stands in a column.
  func takes(_ column: String) -> Bool {
    column == "operation" || column == "reference"
      || type.parameters.contains { $0.name == word(of: column) }
  }

  /// `CUSTOMER` of `customer`, `--trial-days` of `trial_days`.
  private func word(of column: String) -> String {
    switch column {
    case "customer", "plan": column.uppercased()
    default: "--" + column.replacing("_", with: "-")
    }
  }

  /// The command as if the cells had been typed: there is one way to subscribe.
  func command(_ cells: [String: String]) throws(UsageError) -> any Command {
    var words: [String] = name == Self.atOnce ? ["--now"] : []
    for column in ApplyLine.columns
    where word(of: column).hasPrefix("--") && column != "operation" && column != "reference" {
      if let cell = cells[column] { words.append("\(word(of: column))=\(cell)") }
    }
    words.append("--")
    words += ["customer", "plan"].compactMap { cells[$0] }
    var arguments = try Arguments(words, parameters: type.parameters, command: type.name)
    return try type.parsed(&arguments)
  }

  /// The column that an error of the command's own parsing is about.
  func column(of error: UsageError) -> String {
    ApplyLine.columns.first { error.message.contains(word(of: $0)) } ?? "operation"
  }

  /// What the command says of a value, without its name for it.
  func words(of error: UsageError, in column: String) -> String {
    let message =
      error.message.hasPrefix(word(of: column) + " ")
      ? String(error.message.dropFirst(word(of: column).count + 1)) : error.message
    return message + (error.suggestion.map { "; did you mean \($0)?" } ?? "")
  }
}
