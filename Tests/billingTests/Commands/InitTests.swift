import Basics
import Foundation
import Testing

@testable import billing

@Suite(.tags(.unit)) struct InitTests {
  private static func table(_ first: String, _ second: String, _ third: String) -> [[String]] {
    [[".env.example", first], ["plans.yaml", second], ["billing.db", third]]
  }

  private func actions(_ world: TestWorld, _ line: String) async throws -> [[String]] {
    let result = await world.run(line + " --json")
    #expect(result.exit == .done && result.errors == "")
    let rows = try JSON(parsing: result.output)["data"]?.array ?? []
    return rows.map { [$0["path"]?.string ?? "", $0["action"]?.string ?? ""] }
  }

  @Test func writesWhatIsMissingAndKeepsTheRest() async throws {
    let world = try TestWorld()
    try world.write("version: 1 # mine", to: "plans.yaml")
    #expect(try await actions(world, "init") == Self.table("created", "kept", "created"))
    #expect(try world.text(of: "plans.yaml") == "version: 1 # mine")
    #expect(try world.text(of: ".env.example") == EnvironmentTemplate.text)
    #expect(try await actions(world, "init") == Self.table("kept", "kept", "kept"))
  }

  @Test func aDryRunWritesNothing() async throws {
    let world = try TestWorld()
    let planned = "would be created"
    #expect(
      try await actions(world, "init --dry-run") == Self.table(planned, planned, planned))
    #expect(!world.exists(".env.example") && !world.exists("billing.db"))
  }

  @Test func whereOptionsSay() async throws {
    let world = try TestWorld()
    let paths = try await actions(world, "--sandbox --plans shop.yaml init").map { $0[0] }
    #expect(paths == [".env.example", "shop.yaml", "billing.sandbox.db"])
  }

  @Test func aDatabaseOfSomeoneElseIsLeftAlone() async throws {
    let world = try TestWorld()
    try world.write("not a database", to: "billing.db")
    let result = await world.run("init")
    #expect(result.exit != .done)
    #expect(try world.text(of: "billing.db") == "not a database")
  }

  /// The catalogue of the repository and the one that is written are the same.
  @Test func theCatalogueIsThatOfTheRepository() throws {
    let source = Repository.root + "/Sources/billing/Templates/PlansTemplate.swift"
    let plans = try String(contentsOfFile: Repository.root + "/plans.yaml", encoding: .utf8)
    if ProcessInfo.processInfo.environment["RECORD"] == "1", plans != PlansTemplate.text {
      let text = try String(contentsOfFile: source, encoding: .utf8)
      let head = text.prefix(upTo: try #require(text.firstRange(of: "#\"\"\"\n")).upperBound)
      let lines = plans.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      let body = lines.map { $0.isEmpty ? "\n" : "    \($0)\n" }.joined()
      try (head + body + "    \"\"\"# + \"\\n\"\n}\n")
        .write(toFile: source, atomically: true, encoding: .utf8)
    } else {
      #expect(PlansTemplate.text == plans)
    }
  }

  @Test func theEnvironmentTemplateIsAnEnvFile() throws {
    let values = try EnvironmentFile.parse(EnvironmentTemplate.text, path: ".env.example")
    #expect(values.values.allSatisfy { $0.isEmpty })
    #expect(Environment.secretNames.allSatisfy { EnvironmentTemplate.text.contains($0) })
  }
}
