/// What a command can be given: the one declaration that parsing, help and completion read.
struct Parameter: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case positional(isRequired: Bool, repeats: Bool)
    case option(value: String, repeats: Bool)
    case flag
  }

  /// `CUSTOMER` of a positional, `--interval` of an option or a flag.
  let name: String
  let kind: Kind
  let summary: String
  /// The values that there are, where they can be listed.
  let choices: [String]

  static func required(_ name: String, _ summary: String, choices: [String] = []) -> Parameter {
    Parameter(
      name: name, kind: .positional(isRequired: true, repeats: false), summary: summary,
      choices: choices)
  }

  static func optional(_ name: String, _ summary: String, choices: [String] = []) -> Parameter {
    Parameter(
      name: name, kind: .positional(isRequired: false, repeats: false), summary: summary,
      choices: choices)
  }

  /// Takes all words that are left, at least one where it is required.
  static func rest(_ name: String, _ summary: String, isRequired: Bool = false) -> Parameter {
    Parameter(
      name: name, kind: .positional(isRequired: isRequired, repeats: true), summary: summary,
      choices: [])
  }

  /// An option with a value; `value` is the word that stands for it in help.
  static func option(
    _ name: String, _ value: String, _ summary: String, choices: [String] = [],
    repeats: Bool = false
  ) -> Parameter {
    Parameter(
      name: name, kind: .option(value: value, repeats: repeats), summary: summary,
      choices: choices)
  }

  static func flag(_ name: String, _ summary: String) -> Parameter {
    Parameter(name: name, kind: .flag, summary: summary, choices: [])
  }

  var isPositional: Bool { if case .positional = kind { true } else { false } }
  var isOption: Bool { !isPositional }
  var takesValue: Bool { if case .option = kind { true } else { false } }
  var repeats: Bool {
    switch kind {
    case .positional(_, let repeats), .option(_, let repeats): repeats
    case .flag: false
    }
  }

  /// As the usage line of help writes it: `CUSTOMER`, `[PLAN]`, `[FILE]…`, `[--interval I]`.
  var usage: String {
    switch kind {
    case .positional(let isRequired, let repeats):
      (isRequired ? name : "[\(name)]") + (repeats ? "…" : "")
    case .option(let value, let repeats): "[\(name) \(value)]" + (repeats ? "…" : "")
    case .flag: "[\(name)]"
    }
  }

  /// As the list of options in help writes it: `--interval I`.
  var title: String {
    if case .option(let value, _) = kind { "\(name) \(value)" } else { name }
  }
}
