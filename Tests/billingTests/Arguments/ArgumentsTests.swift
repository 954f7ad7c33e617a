import Basics
import Testing

@testable import billing

/// Words told apart by what a command declares.
@Suite(.tags(.unit)) struct ArgumentsTests {
  private static let parameters: [Parameter] = [
    .required("CUSTOMER", "Who"), .optional("PLAN", "What"),
    .option("--interval", "I", "How often", choices: ["month", "quarter", "year"]),
    .option("--quantity", "N", "How many"),
    .option("--amount", "N", "How much"),
    .option("--since", "T", "From when"),
    .option("--metadata", "K=V", "More", repeats: true),
    .flag("--check", "Only look"),
  ]

  private func arguments(_ words: [String]) throws(UsageError) -> Arguments {
    try Arguments(words, parameters: Self.parameters, command: "subscribe")
  }

  @Test func takesWordsInAnyOrder() throws {
    var arguments = try arguments([
      "--interval=year", "ada@example.com", "--check", "pro", "--quantity", "3",
    ])
    #expect(try arguments.positional("CUSTOMER") == "ada@example.com")
    #expect(arguments.optionalPositional("PLAN") == "pro")
    #expect(try arguments.option("--interval") == "year")
    #expect(try arguments.integer("--quantity") == 3)
    #expect(arguments.flag("--check"))
    try arguments.finish()
  }

  @Test func wordsAfterTheDashesAreNoOptions() throws {
    var arguments = try arguments(["--check", "--", "--check", "--"])
    #expect(try arguments.positional("CUSTOMER") == "--check")
    #expect(arguments.optionalPositional("PLAN") == "--")
  }

  @Test func negativeNumbersAndADashAreValues() throws {
    var arguments = try arguments(["--quantity", "-5", "-", "-7"])
    #expect(try arguments.option("--quantity") == "-5")
    #expect(try arguments.positional("CUSTOMER") == "-")
    #expect(arguments.optionalPositional("PLAN") == "-7")
  }

  @Test func anEmptyValueIsAValue() throws {
    #expect(try arguments(["--metadata="]).options("--metadata") == [""])
    #expect(try arguments(["--metadata", ""]).options("--metadata") == [""])
  }

  @Test func repeatedOptionsKeepTheirOrder() throws {
    let arguments = try arguments(["--metadata", "a=1", "--metadata=b=2=3"])
    #expect(arguments.options("--metadata") == ["a=1", "b=2=3"])
    #expect(try arguments.metadata() == ["a": "1", "b": "2=3"])
  }

  @Test(arguments: [
    (["--chek"], "unknown option --chek; did you mean --check? see billing subscribe --help"),
    (["-x"], "unknown option -x; see billing subscribe --help"),
    (["--interval"], "--interval needs a value; see billing subscribe --help"),
    (
      ["--interval", "--check"], "--interval needs a value; see billing subscribe --help"
    ),
    (
      ["--quantity", "1", "--quantity=2"],
      "--quantity is given twice; see billing subscribe --help"
    ),
    (["--check=yes"], "--check takes no value; see billing subscribe --help"),
    (["--\u{1B}[31m"], "unknown option --\\x1b[31m; see billing subscribe --help"),
  ]) func wordsThatCannotBeToldApart(_ words: [String], _ line: String) {
    #expect(throws: UsageError.self) { try arguments(words) }
    do throws(UsageError) {
      _ = try arguments(words)
    } catch {
      #expect(error.line == line)
    }
  }

  /// Each takes one value out of the words.
  enum Taking: Sendable {
    case customer, interval, quantity, small, amount, since, metadata, finish

    func take(_ arguments: inout Arguments) throws(UsageError) {
      switch self {
      case .customer: _ = try arguments.positional("CUSTOMER")
      case .interval: _ = try arguments.option("--interval")
      case .quantity: _ = try arguments.integer("--quantity")
      case .small: _ = try arguments.integer("--quantity", in: 1...9)
      case .amount: _ = try arguments.amount("--amount")
      case .since: _ = try arguments.time("--since")
      case .metadata: _ = try arguments.metadata()
      case .finish: try arguments.finish()
      }
    }
  }

  @Test(
    arguments: [
      ([], Taking.customer, "CUSTOMER is missing"),
      ([""], .customer, "CUSTOMER is empty"),
      (["a", "b"], .finish, "unexpected 'a'"),
      (["--interval", "yer"], .interval, "--interval must be month, quarter or year, not 'yer'"),
      (["--quantity", "three"], .quantity, "--quantity must be a whole number, not 'three'"),
      (["--quantity", "1.5"], .quantity, "--quantity must be a whole number, not '1.5'"),
      (["--quantity", "+1"], .quantity, "--quantity must be a whole number, not '+1'"),
      (
        ["--quantity", "9223372036854775808"], .quantity,
        "--quantity must be a whole number, not '9223372036854775808'"
      ),
      (["--quantity", "-1"], .quantity, "--quantity must be at least 0, not -1"),
      (["--quantity", "10"], .small, "--quantity must be from 1 to 9, not 10"),
      (
        ["--amount", "19.00"], .amount,
        "--amount is in the minor unit, a whole number (1900 for 19.00)"
      ),
      (
        ["--since", "yesterday"], .since,
        "--since must be a time (2026-11-20T10:00:00Z, 2026-11-20, unix seconds, 3d, 12h), "
          + "not 'yesterday'"
      ),
      (["--metadata", "plain"], .metadata, "--metadata must be KEY=VALUE, not 'plain'"),
      (["--metadata", "=1"], .metadata, "--metadata must be KEY=VALUE, not '=1'"),
      (["--metadata", "a=1", "--metadata", "a=2"], .metadata, "--metadata has 'a' twice"),
      (
        ["--metadata", "a[b]=1"], .metadata,
        "--metadata takes keys of at most 40 characters without brackets"
      ),
    ] as [([String], Taking, String)])
  func valuesOfTheWrongForm(_ words: [String], _ taking: Taking, _ message: String) throws {
    var arguments = try arguments(words)
    do throws(UsageError) {
      try taking.take(&arguments)
      Issue.record("no error")
    } catch {
      #expect(error.message == message)
    }
  }

  @Test func aWrongChoiceNamesTheNearest() throws {
    do throws(UsageError) {
      _ = try arguments(["--interval", "yaer"]).option("--interval")
      Issue.record("no error")
    } catch {
      #expect(error.suggestion == "year")
    }
  }

  @Test func longWordsAreCutInMessages() throws {
    var arguments = try arguments(["a", "b", String(repeating: "x", count: 500)])
    _ = try arguments.positional("CUSTOMER")
    _ = arguments.optionalPositional("PLAN")
    do throws(UsageError) {
      try arguments.finish()
      Issue.record("no error")
    } catch {
      #expect(error.message == "unexpected '" + String(repeating: "x", count: 60) + "…'")
    }
  }
}
