import Basics
import BillingCore

/// `billing init`: the files that a new project needs, where they are missing.
struct Init: Command {
  static let name = "init"
  static let summary = "Write .env.example, plans.yaml and the database where missing"
  static let discussion = """
    Writes what a new project needs into this folder and leaves alone what is there: .env.example
    with every variable, plans.yaml with a catalogue to change as you see fit, and the state
    database. Needs neither key nor network; running it again does no harm.
    """
  static let examples = ["init", "--sandbox init", "init --plans config/plans.yaml --dry-run"]

  init(parsing arguments: inout Arguments) throws(UsageError) {}

  func run(_ context: Context) async throws -> Output {
    let settings = context.settings
    let environment = try write(
      EnvironmentTemplate.text, to: context.resolve(".env.example"), context)
    let plans = try write(PlansTemplate.text, to: settings.plansPath, context)
    let database = try makeDatabase(context)
    return Output(files: [environment, plans, database], isDryRun: settings.isDryRun)
  }

  private func write(_ text: String, to path: String, _ context: Context) throws -> File {
    let name = context.shown(path)
    if Files.exists(path) { return File(path: name, action: .kept) }
    guard !context.settings.isDryRun else { return File(path: name, action: .planned) }
    do {
      try Files.create(path, text)
    } catch  where error.exists {
      return File(path: name, action: .kept)
    } catch {
      throw CommandError.unexpected("storage", "\(name) cannot be written: \(error.words)")
    }
    return File(path: name, action: .created)
  }

  /// Opening makes a database and checks one that is there; a sandbox's is marked as such.
  private func makeDatabase(_ context: Context) throws -> File {
    let path = context.settings.databasePath
    let exists = Files.exists(path)
    if exists || !context.settings.isDryRun {
      let store = try Store.open(at: path, now: context.world.now)
      if context.settings.isSandbox { try store.requireMode(.sandbox) }
    }
    let action: File.Action =
      exists ? .kept : context.settings.isDryRun ? .planned : .created
    return File(path: context.shown(path), action: action)
  }
}

extension Init {
  struct File: Sendable, Hashable {
    enum Action: String, Sendable {
      case created
      case kept
      case planned = "would be created"
    }

    var path: String
    var action: Action
  }

  struct Output: Report {
    var files: [File]
    var isDryRun: Bool

    var data: ReportData {
      .list(
        Rows(
          source: .array(
            files.map { ["path": .string($0.path), "action": .string($0.action.rawValue)] })))
    }

    var human: HumanForm {
      let table = HumanForm.table(
        [Column("FILE", "path"), Column("WHAT WAS DONE", "action")], empty: "")
      guard !isDryRun else { return table }
      return .sections([
        table,
        .text(
          """
          Next, without an account and without a key:
            billing --sandbox plans seed
            billing --sandbox customer create --email ada@example.com
          With your own account: copy .env.example to .env, set STRIPE_SECRET_KEY, and run
            billing doctor
          """),
      ])
    }
  }
}
