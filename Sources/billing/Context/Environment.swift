import Basics

/// The variables of the process and of the env file; the real ones win.
struct Environment: Sendable {
  private var process: [String: String]
  private var file: [String: String]

  init(process: [String: String] = [:], file: [String: String] = [:]) {
    self.process = process
    self.file = file
  }

  /// The value of a variable; nil where it is not set or empty, as `NAME=` in a file means nothing.
  subscript(name: String) -> String? {
    guard let value = process[name] ?? file[name], !value.isEmpty else { return nil }
    return value
  }

  /// A switch: on for anything but empty, `0`, `false`, `no` and `off`.
  func isOn(_ name: String) -> Bool {
    guard let value = self[name] else { return false }
    return !["0", "false", "no", "off"].contains(value.lowercased())
  }

  /// The variables that hold secrets; each may also be given as `NAME_FILE`.
  static let secretNames = [
    "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "SMTP_URL", "SLACK_WEBHOOK_URL",
  ]

  /// Where a secret stands: in the variable or in the file that `NAME_FILE` names. What the process
  /// says about either wins over what the env file says about either.
  func source(of name: String) -> SecretSource? {
    for values in [process, file] {
      if let value = values[name] { return value.isEmpty ? nil : .value(Secret(value)) }
      if let path = values[name + "_FILE"], !path.isEmpty { return .file(path) }
    }
    return nil
  }

  enum SecretSource: Sendable, Hashable {
    case value(Secret)
    case file(String)
  }
}
