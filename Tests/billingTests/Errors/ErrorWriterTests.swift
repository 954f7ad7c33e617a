import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct ErrorWriterTests {
  private static let declined = CommandError(
    "card_declined", "Your card was\ndeclined.", hint: "try another", exit: .refused,
    requestID: "req_1")
  private static let invalid = CommandError.configuration(
    "invalid_plans", "plans.yaml has 1 mistake",
    details: [
      ["file": "plans.yaml", "line": 3, "column": 5, "message": "unknown key \u{1B}[31mred"]
    ])

  private func written(_ error: CommandError, _ format: OutputFormat) throws -> String {
    let errors = MemoryOutput()
    let world = try TestWorld().world(errors: errors)
    #expect(ErrorWriter(world: world).write(error, format: format) == error.exit)
    return errors.text
  }

  @Test(arguments: [OutputFormat.json, .jsonl]) func oneLineOfJSON(_ format: OutputFormat) throws {
    #expect(
      try written(Self.declined, format) == """
        {"error":{"code":"card_declined","message":"Your card was\\ndeclined.",\
        "hint":"try another","exit":6,"request_id":"req_1"}}

        """)
    #expect(
      try written(Self.invalid, format) == """
        {"error":{"code":"invalid_plans","message":"plans.yaml has 1 mistake","exit":8,\
        "details":[{"file":"plans.yaml","line":3,"column":5,\
        "message":"unknown key \\u001b[31mred"}]}}

        """)
  }

  @Test(arguments: [OutputFormat.table, .csv]) func words(_ format: OutputFormat) throws {
    #expect(
      try written(Self.declined, format)
        == "error: Your card was\\ndeclined.\nhint: try another\n")
    #expect(
      try written(Self.invalid, format) == """
        plans.yaml:3:5: unknown key \\x1b[31mred
        error: plans.yaml has 1 mistake

        """)
  }
}
