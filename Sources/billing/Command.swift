import Basics

/// One command: its words as a value, and what it does with the world.
///
/// The path of words is its name: `plans diff` is `struct PlansDiff` in `Commands/PlansDiff.swift`,
/// tested in `PlansDiffTests`, shown in `fixtures/sessions/plans-diff.txt`, listed in `Registry`.
protocol Command: Sendable {
  associatedtype Output: Report

  /// The words that call it: `customer show`.
  static var name: String { get }
  /// One line, as lists of commands show it.
  static var summary: String { get }
  /// What it does, in a paragraph or two, for its help.
  static var discussion: String { get }
  /// What it can be given; in help in this order, positionals in the order of the words.
  static var parameters: [Parameter] { get }
  /// Command lines that work, without the leading `billing`.
  static var examples: [String] { get }
  /// Whether it carries out many operations, so that one idempotency key cannot stand for them.
  static var isBatch: Bool { get }
  /// False for what needs neither the env file nor any setting: `help`, `version`.
  static var readsEnvironment: Bool { get }

  /// Takes what it knows; the caller checks that nothing is left.
  init(parsing arguments: inout Arguments) throws(UsageError)

  /// Does it. What is to be shown is the return value: a command prints nothing.
  func run(_ context: Context) async throws -> Output
}

extension Command {
  static var parameters: [Parameter] { [] }
  static var isBatch: Bool { false }
  static var readsEnvironment: Bool { true }

  static func parsed(_ arguments: inout Arguments) throws(UsageError) -> any Command {
    let command = try Self(parsing: &arguments)
    try arguments.finish()
    return command
  }

  func report(_ context: Context) async throws -> any Report { try await run(context) }
}
