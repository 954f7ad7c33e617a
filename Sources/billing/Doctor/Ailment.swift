import BillingCore

/// What `doctor` and `db check` can find wrong: what it means and what to do about it. Their hints
/// and the page `billing help troubleshooting` are made from here, so that they say the same.
struct Ailment: Sendable, Hashable {
  /// The check that finds it.
  let check: String
  /// What is so, and what follows from it.
  let meaning: String
  /// What to do.
  let remedy: String
  /// The error that a fault is.
  var code = "configuration"
  var exit = ExitCode.configuration

  init(
    _ check: String, _ meaning: String, do remedy: String, code: String = "configuration",
    exit: ExitCode = .configuration
  ) {
    (self.check, self.meaning, self.remedy, self.code, self.exit) =
      (check, meaning, remedy, code, exit)
  }

  /// An error that a check passes on: what helps is said by the error itself.
  init(_ check: String, _ meaning: String, passedOn error: any Explainable) {
    self.init(check, meaning, do: error.explanation.hint ?? "do what the message says")
  }

  /// All of them, in the order in which the checks are made.
  static let all = settings + stripe + database + launch
}
