import Basics

/// The words of one command, told apart by its parameters; taken out one by one by its `init`.
struct Arguments: Sendable {
  let command: String
  private let parameters: [Parameter]
  private var positionals: ArraySlice<String> = []
  private var values: [String: [String]] = [:]
  private var flags: Set<String> = []

  /// Tells words apart. An unknown option, one without its value or one given twice is an error.
  init(_ words: [String], parameters: [Parameter], command: String) throws(UsageError) {
    self.command = command
    self.parameters = parameters
    var rest = words[...]
    var positionals: [String] = []
    while let word = rest.popFirst() {
      if word == "--" {
        positionals += rest
        break
      }
      guard Self.isOption(word) else {
        positionals.append(word)
        continue
      }
      let (name, attached) = Self.split(word)
      guard let parameter = parameters.first(where: { $0.isOption && $0.name == name }) else {
        throw unknownOption(name)
      }
      try take(parameter, attached: attached, from: &rest)
    }
    self.positionals = positionals[...]
  }

  /// Whether a word is an option: it starts with a dash and is neither `-` (standard input) nor a
  /// negative number.
  static func isOption(_ word: String) -> Bool {
    guard word.hasPrefix("-"), word != "-" else { return false }
    return !(word.dropFirst().first?.isNumber ?? false)
  }

  /// `--name=value` as its two parts.
  static func split(_ word: String) -> (name: String, value: String?) {
    guard let equals = word.firstIndex(of: "=") else { return (word, nil) }
    return (String(word[..<equals]), String(word[word.index(after: equals)...]))
  }

  private mutating func take(
    _ parameter: Parameter, attached: String?, from rest: inout ArraySlice<String>
  ) throws(UsageError) {
    guard parameter.takesValue else {
      guard attached == nil else { throw error("\(parameter.name) takes no value") }
      flags.insert(parameter.name)
      return
    }
    let value: String
    if let attached {
      value = attached
    } else if let next = rest.first, !Self.isOption(next) {
      value = rest.removeFirst()
    } else {
      throw error("\(parameter.name) needs a value")
    }
    guard parameter.repeats || values[parameter.name] == nil else {
      throw error("\(parameter.name) is given twice")
    }
    values[parameter.name, default: []].append(value)
  }

  func error(_ message: String) -> UsageError { UsageError(message, command: command) }

  private func unknownOption(_ name: String) -> UsageError {
    let names = parameters.filter { $0.isOption }.map { $0.name } + ["--help"]
    return UsageError(
      "unknown option \(VisibleText.of(name))", suggestion: NearestName.of(name, among: names),
      command: command)
  }

  /// Every value that was given, whichever its name.
  var allValues: [String] { Array(positionals) + values.values.flatMap { $0 } }

  /// Whether nothing stands there but options.
  var hasNoWords: Bool { positionals.isEmpty }

  /// Called when a command has taken what it knows: words that are left are an error.
  func finish() throws(UsageError) {
    guard let extra = positionals.first else { return }
    throw error("unexpected \(Self.quoted(extra))")
  }

  /// A word in an error message: visible, and not longer than a line bears.
  static func quoted(_ word: String) -> String {
    "'" + VisibleText.of(word.count > 60 ? word.prefix(60) + "…" : word) + "'"
  }

  // MARK: Taking out

  /// The next positional; missing is an error.
  mutating func positional(_ name: String) throws(UsageError) -> String {
    guard let value = optionalPositional(name) else { throw error("\(name) is missing") }
    guard !value.isEmpty else { throw error("\(name) is empty") }
    return value
  }

  mutating func optionalPositional(_ name: String) -> String? {
    declared(name)
    return positionals.popFirst()
  }

  /// All positionals that are left.
  mutating func rest(_ name: String) throws(UsageError) -> [String] {
    let parameter = declared(name)
    defer { positionals = [] }
    if case .positional(true, _) = parameter?.kind, positionals.isEmpty {
      throw error("\(name) is missing")
    }
    return Array(positionals)
  }

  func flag(_ name: String) -> Bool {
    declared(name)
    return flags.contains(name)
  }

  /// The value of an option; nil when it is not given. Of one with choices, one of these.
  func option(_ name: String) throws(UsageError) -> String? {
    let parameter = declared(name)
    guard let value = values[name]?.first else { return nil }
    guard let choices = parameter?.choices, !choices.isEmpty, !choices.contains(value) else {
      return value
    }
    throw UsageError(
      "\(name) must be \(Self.list(choices)), not \(Self.quoted(value))",
      suggestion: NearestName.of(value, among: choices), command: command)
  }

  /// All values of an option that may be repeated, in their order.
  func options(_ name: String) -> [String] {
    declared(name)
    return values[name] ?? []
  }

  @discardableResult
  private func declared(_ name: String) -> Parameter? {
    let parameter = parameters.first { $0.name == name }
    precondition(parameter != nil, "\(command) does not declare \(name)")
    return parameter
  }

  static func list(_ choices: [String]) -> String {
    guard let last = choices.last, choices.count > 1 else { return choices.first ?? "" }
    return choices.dropLast().joined(separator: ", ") + " or " + last
  }
}
