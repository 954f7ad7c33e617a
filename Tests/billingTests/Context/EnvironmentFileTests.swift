import Foundation
import Testing

@testable import billing

@Suite(.tags(.unit)) struct EnvironmentFileTests {
  @Test(arguments: [
    ("A=1", "1"), ("A = 1", "1"), ("A =  \"1 \"", "1 "), ("export A=1", "1"), ("  A=1  ", "1"),
    ("A=", ""),
    ("A=a b", "a b"), ("A=1 # one", "1"), ("A=1#2", "1#2"), ("A=#", ""),
    ("A=\"x y\"", "x y"), ("A=\"a\\nb\\t\\\"c\\\\\\$\"", "a\nb\t\"c\\$"), ("A=\"a#b\" # c", "a#b"),
    ("A='a\\n$b'", "a\\n$b"), ("A=a=b", "a=b"), ("A=$HOME", "$HOME"), ("A=\"\\q\"", "\\q"),
  ]) func values(_ line: String, _ value: String) throws {
    #expect(try EnvironmentFile.parse(line, path: ".env") == ["A": value])
  }

  @Test func wholeFiles() throws {
    let text = "\u{FEFF}# comment\r\n\r\nA=1\r\nexport B='2'\n\n  # more\nA=3\n"
    #expect(try EnvironmentFile.parse(text, path: ".env") == ["A": "3", "B": "2"])
  }

  @Test(arguments: [
    ("A=1\nnonsense", 2, "no = in it"), ("=1", 1, "no variable name before the ="),
    ("\n\n2A=1", 3, "no variable name before the ="), ("A-B=1", 1, "no variable name before the ="),
    ("A B=1", 1, "no variable name before the ="),
    ("A=\"open", 1, "a quote that does not end, or text after it"),
    ("A='x' y", 1, "a quote that does not end, or text after it"),
  ]) func badLines(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: EnvironmentFile.BadLine(path: ".env", line: line, reason: reason)) {
      try EnvironmentFile.parse(text, path: ".env")
    }
  }

  @Test func aBadLineIsExit8WithItsPlace() async throws {
    let world = try TestWorld()
    try world.write("STRIPE_SECRET_KEY=sk_test_abcdefgh\noops\n", to: ".env")
    let result = await world.run("doctor")
    #expect(
      result
        == TestWorld.Result(
          exit: .configuration, output: "",
          errors: """
            error: .env:2: no = in it
            hint: a line is KEY=value, KEY="value" or a # comment

            """))
  }

  @Test func aFileThatWasNamedMustBeThere() async throws {
    let result = try await TestWorld().run("doctor --env-file nowhere.env")
    #expect(result.exit == .configuration)
    #expect(result.errors == "error: nowhere.env: no such file or directory\n")
  }

  @Test func aDirectoryIsNoFile() async throws {
    let world = try TestWorld()
    try FileManager.default.createDirectory(
      atPath: world.directory + "/.env", withIntermediateDirectories: false)
    for line in ["doctor", "doctor --env-file .env"] {
      #expect(
        await world.run(line)
          == TestWorld.Result(
            exit: .configuration, output: "", errors: "error: .env: is a directory\n"))
    }
    let result = await world.run("doctor --json --env-file .env")
    #expect(result.errors.contains(#""code":"invalid_env""#))
  }

  @Test func aVariableThatStandsTwice() async throws {
    let world = try TestWorld()
    try world.write("BILLING_ACTOR=ada\nB=1\nBILLING_ACTOR=eve\n", to: ".env")
    let errors = MemoryOutput()
    let context = try world.context(errors: errors)
    #expect(context.settings.actor == "eve")
    #expect(
      errors.text
        == "warning: .env:3: BILLING_ACTOR stands there twice; the last value counts\n")
  }

  @Test func helpAndVersionDoNotCare() async throws {
    let world = try TestWorld()
    try world.write("oops", to: ".env")
    #expect(await world.run("version").exit == .done)
    #expect(await world.run("doctor --help").exit == .done)
  }
}
