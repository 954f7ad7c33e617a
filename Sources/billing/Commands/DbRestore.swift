import Basics
import BillingCore

/// `billing db restore`: puts a backup in the place of the state database.
struct DbRestore: Command {
  static let name = "db restore"
  static let summary = "Put a backup in the place of the state database"
  static let discussion = """
    Looks through FILE, copies it, and puts the copy where the state database is; FILE stays as it
    is. What stood there is kept beside it, under a name that is told. Needs a yes. Whenever this is
    cut short, the old or the new database stands there, whole.

    Refused are the file of another program or of a newer billing and one that is damaged (exit 8);
    one of another mode or account than the database that it replaces, or than the key of this run,
    unless --other says so; and all of it while another process has the database open (exit 5).

    What happened since the backup is not in it: billing sync takes in what Stripe knows; usage,
    tokens that were consumed and keys that were issued since then are in the file that was kept.

    JSON: database, restored_from, kept_as (null where there was none), schema, mode, account.
    """
  static let parameters: [Parameter] = [
    .required("FILE", "A file that db backup made"),
    .flag("--other", "Also where it is of another mode or account"),
  ]
  static let examples = ["db restore billing-2026-11-20.db --yes"]

  var file: String
  var allowsOther: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    file = try arguments.positional("FILE")
    guard !file.isEmpty else { throw arguments.error("FILE is empty") }
    allowsOther = arguments.flag("--other")
  }

  func run(_ context: Context) async throws -> DatabaseFileReport {
    let path = context.settings.databasePath
    let backup = try open(context)
    try checkPlace(path, backup, context)
    let object = { (kept: JSON) throws -> JSONObject in
      [
        "database": .string(context.shown(path)), "restored_from": .string(file), "kept_as": kept,
        "schema": JSON(try backup.schema()), "mode": JSON(try backup.mode()?.rawValue),
        "account": JSON(try backup.account()),
      ]
    }
    if context.settings.isDryRun {
      var change = try object(.null)
      change["action"] = "replace"
      return .planned(.object(change))
    }
    try context.requireOwnWrite("replace \(context.shown(path)) by \(file)", destroys: true)
    let token = context.world.makeToken(8)
    let unfinished = "\(path).\(token).part"
    defer { Store.removeFile(unfinished) }
    try context.copy(backup, to: unfinished, label: "restoring")
    let kept = keptName(path, context, token)
    let hadOne = try Store.replace(path, by: unfinished, keeping: kept)
    let result = try object(hadOne ? .string(context.shown(kept)) : .null)
    return .done(
      result,
      fields: [
        Field("database", result["database"]), Field("restored from", result["restored_from"]),
        Field("kept as", result["kept_as"]), Field("mode", result["mode"]),
        Field("account", result["account"]),
      ],
      closing: "What happened since then is not in it: billing sync takes in what Stripe knows.")
  }

  /// The backup, looked through from the first page to the last.
  private func open(_ context: Context) throws -> Store {
    let path = context.resolve(file)
    guard Files.exists(path) else {
      throw CommandError.notFound("\(file): no such file", hint: "name a file of db backup")
    }
    guard !Files.isDirectory(path) else {
      throw CommandError.usage("\(file) is a folder", hint: "name a file of db backup")
    }
    let backup = try openReadOnly(path, context)
    if let damage = try backup.pageFaults().first ?? backup.brokenReferences().first {
      throw CommandError.configuration(
        "invalid_database", "\(file) is damaged: \(damage)",
        hint: "take another backup; nothing was changed")
    }
    return backup
  }

  /// What helps is another file, and not another database.
  private func openReadOnly(_ path: String, _ context: Context) throws -> Store {
    do {
      return try Store.openReadOnly(at: path, now: context.world.now)
    } catch let error as StoreError {
      var explained = error.explanation
      if case .newerVersion = error {} else { explained.hint = "name a file of db backup" }
      throw explained
    }
  }

  /// What stands there must be ours; what is empty or damaged is no reason to refuse.
  private func checkPlace(_ path: String, _ backup: Store, _ context: Context) throws {
    if let mode = try? context.mode() { try require(mode.rawValue, backup, "this run is in") }
    guard Files.exists(path) else { return }
    do {
      let current = try Store.openReadOnly(at: path, now: context.world.now)
      if let mode = try current.mode() {
        try require(mode.rawValue, backup, "\(context.shown(path)) is in")
      }
      guard let account = try current.account(), let other = try backup.account(),
        account != other, !allowsOther
      else { return }
      throw CommandError.configuration(
        "wrong_mode",
        "\(file) belongs to the account \(other), and \(context.shown(path)) to "
          + account, hint: Self.otherHint)
    } catch StoreError.empty {
    } catch StoreError.damaged {
    }
  }

  private func require(_ mode: String, _ backup: Store, _ whose: String) throws {
    guard let other = try backup.mode()?.rawValue, other != mode, !allowsOther else { return }
    throw CommandError.configuration(
      "wrong_mode", "\(file) belongs to \(other) mode, and \(whose) \(mode) mode",
      hint: Self.otherHint)
  }

  private static let otherHint = "name another --db; with --other it is put there even so"

  /// `billing.db.before-restore-20261120T100000Z`, which nobody has yet.
  private func keptName(_ path: String, _ context: Context, _ token: String) -> String {
    let moment = "\(context.world.now())".filter { $0.isLetter || $0.isNumber }
    let name = "\(path).before-restore-\(moment)"
    return Files.exists(name) ? "\(name)-\(token)" : name
  }
}
