import Basics
import BillingCore

/// `billing db backup`: a whole copy of the state database, made while others work.
struct DbBackup: Command {
  static let name = "db backup"
  static let summary = "Copy the state database into one file, while others work"
  static let discussion = """
    Writes all that the database holds at this moment into FILE, which only you may read. Others may
    read and write meanwhile. The copy is looked through before it gets its name, so that FILE is
    whole or is not there; a file that is there already is never replaced (exit 5). billing doctor
    --go-live asks when this was last done.

    JSON: file, size_bytes, sha256, schema, mode, account, created. The checksum is that of sha256sum.
    The copy holds your customers and what you count for them: keep it as you keep the database. A
    run that is killed may leave FILE.….part behind, which is of no use.
    """
  static let parameters: [Parameter] = [.required("FILE", "The file to make")]
  static let examples = ["db backup billing-2026-11-20.db", "db backup /backups/billing.db --json"]

  var file: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    file = try arguments.positional("FILE")
    guard !file.isEmpty else { throw arguments.error("FILE is empty") }
    guard file != "-" else { throw arguments.error("FILE is a file, and - is none") }
  }

  func run(_ context: Context) async throws -> DatabaseFileReport {
    let path = context.resolve(file)
    guard !Files.exists(path) else { throw Self.isThere(file) }
    do throws(FileError) { try Files.requireRoom(for: path) } catch { throw error.inMaking(file) }
    let store = try context.databaseAsItIs()
    let created = context.world.now()
    if context.settings.isDryRun { return .planned(["action": "create", "file": .string(file)]) }
    let unfinished = "\(path).\(context.world.makeToken(8)).part"
    defer { Store.removeFile(unfinished) }
    try context.copy(store, to: unfinished, label: "copying")
    let copy = try Store.openReadOnly(at: unfinished, now: context.world.now)
    if let damage = try copy.pageFaults().first {
      throw StoreError.damaged(path: store.path, detail: damage)
    }
    let object: JSONObject = [
      "file": .string(file), "size_bytes": JSON(Files.length(of: unfinished)),
      "sha256": .string(try Files.checksum(of: unfinished)), "schema": JSON(try copy.schema()),
      "mode": JSON(try copy.mode()?.rawValue), "account": JSON(try copy.account()),
      "created": JSON(created),
    ]
    try place(unfinished, at: path)
    note(created, in: store, context)
    return .done(
      object,
      fields: [
        Field("file", object["file"]),
        Field("bytes", PlanWords.number(Files.length(of: path) ?? 0)),
        Field("sha256", object["sha256"]), Field("mode", object["mode"]),
        Field("account", object["account"]),
      ], closing: "It is whole: every page was read once more.")
  }

  private func place(_ unfinished: String, at path: String) throws {
    do {
      try Files.place(unfinished, at: path)
    } catch {
      throw error.exists ? Self.isThere(file) : error
    }
    try Store.makeDurable(path)
  }

  /// The copy is made, whether that can be written down or not.
  private func note(_ time: Timestamp, in store: Store, _ context: Context) {
    guard !store.isReadOnly else { return }
    do {
      try store.noteBackup(at: time)
    } catch {
      context.warn("it was not written down: \(CommandError(explaining: error).message)")
    }
  }

  private static func isThere(_ file: String) -> CommandError {
    .conflict(
      "already_exists", "\(file) is there already, and a backup is never replaced",
      hint: "name another file")
  }
}

extension Context {
  /// The database, as whichever of our versions wrote it, without a word to Stripe or the sandbox.
  func databaseAsItIs() throws -> Store {
    let path = settings.databasePath
    guard Files.exists(path) else { throw StoreError.missing(path: shown(path)) }
    return try Store.openUnchanged(at: path, now: world.now)
  }

  /// Copies a database into a new file, with progress; stops where the work is cancelled.
  func copy(_ store: Store, to path: String, label: String) throws {
    let progress = progress(label)
    defer { progress.finish() }
    var copied: Int64 = 0
    try store.writeCopy(to: path) { done, total in
      try Task.checkCancellation()
      progress.advance(by: done - copied, figures: "\(done) of \(total) pages")
      copied = done
    }
  }
}

/// What `db backup` and `db restore` show: what was done, or what would be.
enum DatabaseFileReport: ReportChoice {
  case changed(ObjectReport)
  case dryRun(DryRunReport)

  static func done(_ object: JSONObject, fields: [Field], closing: String) -> Self {
    .changed(ObjectReport(object: object, fields: fields, closing: closing))
  }

  static func planned(_ change: JSON) -> Self { .dryRun(DryRunReport(changes: [change])) }

  var report: any Report {
    switch self {
    case .changed(let report): report
    case .dryRun(let report): report
    }
  }
}
