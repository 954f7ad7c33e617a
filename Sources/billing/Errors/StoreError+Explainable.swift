import BillingCore

extension StoreError: Explainable {
  var explanation: CommandError {
    switch self {
    case .cannotOpen(let path, let reason):
      .configuration(
        "invalid_database", "\(path) cannot be opened: \(reason.lowercased())",
        hint: "check --db and BILLING_DB")
    case .empty(let path):
      .configuration(
        "invalid_database", "\(path) is an empty file; it was not touched",
        hint: "restore it from a backup, or remove it to begin anew")
    case .notADatabase(let path):
      .configuration(
        "invalid_database", "\(path) is not a database; it was not touched",
        hint: "check --db and BILLING_DB")
    case .otherProgram(let path):
      .configuration(
        "invalid_database", "\(path) is another program's database; it was not touched",
        hint: "check --db and BILLING_DB")
    case .newerVersion(let path, let found, let known):
      .configuration(
        "database_version",
        "\(path) has schema \(found), and this billing knows \(known); it was not touched",
        hint: "use the newer billing that wrote it")
    case .damaged(let path, let detail):
      .configuration(
        "invalid_database", "\(path) is damaged: \(detail)",
        hint: "restore it from a backup, or begin anew and run billing sync --full")
    case .readOnly(let path):
      .configuration(
        "invalid_database", "\(path) can only be read, and this command has to write to it",
        hint: "run it as a user who may write there")
    case .wrongMode(let path, let stored, let wanted):
      .configuration(
        "wrong_mode", "\(path) belongs to \(stored) mode, and this run is in \(wanted) mode",
        hint: "use another file: --db billing.\(wanted).db")
    case .wrongAccount(let path, let stored, let wanted):
      .configuration(
        "wrong_mode", "\(path) belongs to the account \(stored), and the key to \(wanted)",
        hint: "use another file: --db billing.\(wanted).db")
    case .busy(let path):
      .unexpected("storage", "another process has been writing to \(path) for too long")
    case .inUse(let path):
      .conflict(
        "invalid_state", "another process has \(path) open; nothing was changed",
        hint: "stop it (billing webhook listen, an import), then run this again")
    case .missing(let path):
      .configuration(
        "invalid_database", "there is no \(path)", hint: "check --db and BILLING_DB")
    case .replaced(let path):
      .unexpected("storage", "\(path) was removed or replaced while it was in use")
    case .full(let path): .unexpected("storage", "the disk is full: \(path) could not be written")
    case .ruleBroken(let detail):
      .unexpected("storage", "the database does not take what was to be written: \(detail)")
    case .failed(let path, let detail): .unexpected("storage", "\(path): \(detail)")
    }
  }
}
