import Basics
import BillingCore

/// What the words of a command line ask for.
enum Invocation: Sendable {
  /// Help of the program (empty), a group or a command.
  case help(String)
  case run(any Command, GlobalOptions, readsEnvironment: Bool)

  init(_ words: [String]) throws(UsageError) {
    do throws(UsageError) {
      self = try Self.understood(words)
    } catch {
      // What is wrong is often named in the error; a key or a card number never is.
      if words.contains(where: Self.isKey) { throw Self.apiKey(command: error.command) }
      guard !error.command.hasPrefix("sandbox "), words.contains(where: CardNumber.stands) else {
        throw error
      }
      throw Self.cardNumber(command: error.command)
    }
  }

  private static func cardNumber(command: String) -> UsageError {
    UsageError(
      "a card number does not belong in a command line; use a payment method", command: command)
  }

  /// Whether a key that was issued to a customer stands in a word.
  private static func isKey(_ word: String) -> Bool { APIKeySecret.stands(in: word) }

  private static func apiKey(command: String) -> UsageError {
    UsageError(
      "an API key does not belong in a command line, where others see it; it has an id (key_…)",
      command: command)
  }

  private static func understood(_ words: [String]) throws(UsageError) -> Invocation {
    var path: [String] = []
    var rest: [String] = []
    let asksHelp = optionWords(words).contains { $0 == "-h" || $0 == "--help" }
    let asksVersion = words == ["--version"]
    try takePath(of: words, asksHelp: asksHelp, path: &path, rest: &rest)
    let name = asksVersion ? Version.name : path.joined(separator: " ")
    if asksHelp { return .help(name) }
    guard let type = Registry.command(name) else {
      _ = try GlobalOptions(
        parsing: Arguments(rest, parameters: GlobalOptions.parameters, command: name))
      return .help(name)
    }
    return try parse(asksVersion ? [] : rest, of: type)
  }

  private static func parse(
    _ words: [String], of type: any Command.Type
  ) throws(UsageError) -> Invocation {
    var arguments = try Arguments(
      words, parameters: type.parameters + GlobalOptions.parameters, command: type.name)
    if arguments.allValues.contains(where: isKey) { throw apiKey(command: type.name) }
    if !type.name.hasPrefix("sandbox "), arguments.allValues.contains(where: CardNumber.stands) {
      throw cardNumber(command: type.name)
    }
    let globals = try GlobalOptions(parsing: arguments)
    if type.isBatch, globals.idempotencyKey != nil {
      throw arguments.error("--idempotency-key cannot stand for a batch; each line has its own key")
    }
    let command = try type.parsed(&arguments)
    return .run(command, globals, readsEnvironment: type.readsEnvironment)
  }

  /// The words before `--`, where options may stand.
  private static func optionWords(_ words: [String]) -> ArraySlice<String> {
    words.prefix { $0 != "--" }
  }

  /// Takes the words that name a command, as many as lead to one; global options may stand between
  /// them. All other words are what the command gets.
  private static func takePath(
    of words: [String], asksHelp: Bool, path: inout [String], rest: inout [String]
  ) throws(UsageError) {
    var words = words[...]
    var hasCustomer = false
    while let word = words.first {
      let name = path.joined(separator: " ")
      if word == "--" {
        guard asksHelp || Registry.command(name) != nil else {
          throw UsageError("the words of the command must stand before --", command: name)
        }
        break
      }
      if Arguments.isOption(word) {
        if Registry.command(name) != nil { break }
        words = words.dropFirst()
        guard word != "-h", word != "--help", word != "--version" else { continue }
        rest.append(word)
        if try takesNextWord(word, after: name), let value = words.popFirst() {
          rest.append(value)
        }
        continue
      }
      guard Registry.words(after: name).contains(word) else {
        if Registry.customerFirstGroups.contains(name), !hasCustomer {
          hasCustomer = true
          rest.append(word)
          words = words.dropFirst()
          continue
        }
        if Registry.command(name) != nil || asksHelp && !path.isEmpty { break }
        throw unknownCommand(word, after: name)
      }
      path.append(word)
      words = words.dropFirst()
    }
    let name = path.joined(separator: " ")
    if hasCustomer, !asksHelp, Registry.command(name) == nil {
      let last = Arguments.list(Registry.words(after: name))
      throw UsageError("after \(name) CUSTOMER the word \(last) is missing", command: name)
    }
    rest += words.filter { !asksHelp || $0 != "--help" }
  }

  /// Whether an option before the command takes the next word as its value; only global ones may
  /// stand there.
  private static func takesNextWord(
    _ word: String, after path: String
  ) throws(UsageError) -> Bool {
    let (name, value) = Arguments.split(word)
    let parameters = GlobalOptions.parameters
    guard let parameter = parameters.first(where: { $0.name == name }) else {
      throw UsageError(
        "unknown option \(VisibleText.of(name))",
        suggestion: NearestName.of(name, among: parameters.map { $0.name } + ["--help"]),
        command: path)
    }
    return parameter.takesValue && value == nil
  }

  private static func unknownCommand(_ word: String, after path: String) -> UsageError {
    let known = Registry.words(after: path)
    let prefix = path.isEmpty ? "" : path + " "
    var suggestion = NearestName.of(word, among: known).map { "billing " + prefix + $0 }
    if suggestion == nil, path.isEmpty {
      let inGroups = Registry.commands.map { $0.name }.filter { $0.hasSuffix(" " + word) }
      suggestion = inGroups.first.map { "billing " + $0 }
    }
    return UsageError(
      "unknown command \(Arguments.quoted(prefix + word))", suggestion: suggestion, command: path)
  }

  /// The format in which an error is to be told when the words cannot be understood.
  static func guessFormat(_ words: [String]) -> OutputFormat {
    let words = Array(optionWords(words))
    if words.contains("--json") { return .json }
    for (index, word) in words.enumerated() {
      let (name, value) = Arguments.split(word)
      guard name == "--format" else { continue }
      let text = value ?? (index + 1 < words.count ? words[index + 1] : "")
      return OutputFormat(rawValue: text) ?? .table
    }
    return .table
  }
}
