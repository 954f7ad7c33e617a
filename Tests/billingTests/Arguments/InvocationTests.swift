import Testing

@testable import billing

/// Command lines, from the first word to what is run.
@Suite(.tags(.unit)) struct InvocationTests {
  /// `help plans`, `run version json`, or the line of the error.
  private func outcome(_ words: [String]) -> String {
    do throws(UsageError) {
      switch try Invocation(words) {
      case .help(let name): return "help \(name)"
      case .run(let command, let globals, _):
        return "run \(type(of: command).name) \(globals.format)"
      }
    } catch {
      return error.line
    }
  }

  @Test(arguments: [
    ([], "help "), (["--help"], "help "), (["-h"], "help "), (["version"], "run version table"),
    (["version", "--json"], "run version json"), (["--json", "version"], "run version json"),
    (["--format", "jsonl", "version"], "run version jsonl"),
    (["--format=csv", "version"], "run version csv"), (["--version"], "run version table"),
    (["version", "--help"], "help version"), (["--help", "version"], "help version"),
    (["version", "--no-such", "-h"], "help version"),
    (["--db", "version", "version"], "run version table"),
    (["help", "--", "-h"], "no help for '-h'; see billing --help"),
    (["help", "version"], "run help table"), (["completion", "bash"], "run completion table"),
    (["plans", "--help", "--", "list"], "help plans"), (["version", "--"], "run version table"),
    (["completion", "--help", "fish"], "help completion"), (["--sandbox"], "help "),
    (["trial", "a@b.c", "end"], "run trial end table"),
    (["trial", "--json", "a@b.c", "--quiet", "end"], "run trial end json"),
    (["trial", "end", "a@b.c"], "run trial end table"), (["trial", "--help"], "help trial"),
    (["trial", "a@b.c", "end", "--help"], "help trial end"), (["trial"], "help trial"),
  ]) func understood(_ words: [String], _ expected: String) {
    #expect(outcome(words) == expected)
  }

  @Test(arguments: [
    (["verson"], "unknown command 'verson'; did you mean billing version? see billing --help"),
    (["frobnicate"], "unknown command 'frobnicate'; see billing --help"),
    ([""], "unknown command ''; see billing --help"),
    (["--jsn", "version"], "unknown option --jsn; did you mean --json? see billing --help"),
    (["--check", "version"], "unknown option --check; see billing --help"),
    (
      ["trial", "a@b.c"],
      "after trial CUSTOMER the word extend or end is missing; see billing trial --help"
    ),
    (
      ["trial", "a@b.c", "extnd"],
      "unknown command 'trial extnd'; did you mean billing trial extend? see billing trial --help"
    ),
    (
      ["trial", "a@b.c", "end", "b@c.d"], "unexpected 'b@c.d'; see billing trial end --help"
    ),
    (["version", "extra"], "unexpected 'extra'; see billing version --help"),
    (["version", "--db"], "--db needs a value; see billing version --help"),
    (["--db"], "--db needs a value; see billing --help"),
    (
      ["--json", "version", "--format", "csv"],
      "--json and --format csv exclude each other; see billing version --help"
    ),
    (
      ["--", "plans", "list"], "the words of the command must stand before --; see billing --help"
    ),
    (
      ["plans", "--", "list"],
      "the words of the command must stand before --; see billing plans --help"
    ),
    (["--json", "--"], "the words of the command must stand before --; see billing --help"),
    (["version", "--db", "a", "--db", "b"], "--db is given twice; see billing version --help"),
  ]) func refused(_ words: [String], _ line: String) {
    #expect(outcome(words) == line)
  }

  @Test(arguments: [
    (["x", "--json"], OutputFormat.json), (["--format", "jsonl"], .jsonl),
    (["--format=json", "y"], .json), (["--format"], .table), (["--format", "xml"], .table),
    (["--", "--json"], .table), ([], .table),
  ]) func theFormatOfAnErrorIsGuessed(_ words: [String], _ format: OutputFormat) {
    #expect(Invocation.guessFormat(words) == format)
  }

  @Test func errorsOfWordsAreJSONWhereAskedFor() async throws {
    let result = try await TestWorld().run("frobnicate --json")
    #expect(
      result
        == TestWorld.Result(
          exit: .usage, output: "",
          errors: """
            {"error":{"code":"usage","message":"unknown command 'frobnicate'; see billing --help",\
            "exit":2}}

            """))
  }
}
