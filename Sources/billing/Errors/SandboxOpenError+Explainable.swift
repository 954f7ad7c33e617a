import StripeSandbox

extension SandboxOpenError: Explainable {
  var explanation: CommandError {
    let other = "name another file with --sandbox-db"
    return switch self {
    case .notASandbox(let path):
      .configuration("invalid_database", "\(path) is not a sandbox's file", hint: other)
    case .empty(let path):
      .configuration("invalid_database", "\(path) is empty", hint: "remove it, or \(other)")
    case .newerVersion(let path, let version, let known):
      .configuration(
        "database_version", "\(path) has version \(version), and this program knows up to \(known)",
        hint: "use a newer billing, or \(other)")
    case .damaged(let path):
      .configuration("invalid_database", "\(path) is damaged", hint: "remove it, or \(other)")
    case .cannotOpen(let path, let reason):
      .configuration("invalid_database", "\(path) cannot be opened: \(reason)", hint: other)
    case .busy(let path):
      CommandError(
        "storage", "\(path) is in use by another process", hint: "run it again",
        exit: .unexpected)
    }
  }
}
