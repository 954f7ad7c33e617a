import BillingCore
import Stripe

extension Context {
  /// Called before the first write of a command, with what is about to happen in the imperative
  /// (`cancel the subscription of ada@example.com`). Refuses a live key without `--live`, and asks
  /// for a yes where one is needed: with a live key always, else for what destroys.
  ///
  /// A dry run sends no write, so it needs neither.
  func requireWrite(_ action: String, destroys: Bool = false) throws {
    guard !settings.readsLocally else {
      throw CommandError.usage(
        "--local answers reads; a change is planned on what Stripe says",
        hint: "leave --local out")
    }
    guard !settings.isDryRun else { return }
    try allowWrite(action, destroys: destroys, isLive: try mode() == .live)
  }

  /// The same for what is written into the state database alone and never sent: it needs no key, and
  /// `--local` is no contradiction.
  func requireOwnWrite(_ action: String, destroys: Bool = false) throws {
    guard !settings.isDryRun else { return }
    try allowWrite(action, destroys: destroys, isLive: (try? mode()) == .live)
  }

  private func allowWrite(_ action: String, destroys: Bool, isLive: Bool) throws {
    if isLive, !settings.allowsLive {
      throw CommandError(
        "live_required", "this is a live key, and --live is missing: nothing was sent",
        hint: "add --live to \(action) for real", exit: .usage)
    }
    // What cannot be written down is not sent, and nobody is asked for a yes to it.
    if Store.isReadOnly(at: settings.databasePath) {
      throw StoreError.readOnly(path: settings.databasePath)
    }
    if isLive || destroys { try confirm(isLive ? "\(action) (live)" : action) }
  }

  /// Asks on the terminal; `--yes` answers. Without a terminal there is nobody to ask.
  func confirm(_ action: String) throws {
    guard !settings.assumesYes else { return }
    let refusal = CommandError(
      "confirmation_required", "not confirmed: \(action)",
      hint: "run it again with --yes", exit: .usage)
    guard world.terminal.input, world.terminal.errors else { throw refusal }
    try inputClaim.take(for: "the confirmation")
    let question = action.prefix(1).uppercased() + action.dropFirst()
    errors.write(VisibleText.of(question) + "? [y/N] ")
    let answer = world.input.readLine()?.lowercased().filter { !$0.isWhitespace } ?? ""
    guard answer == "y" || answer == "yes" else {
      throw CommandError(
        "confirmation_required", "not confirmed; nothing was changed", exit: .usage)
    }
  }
}
