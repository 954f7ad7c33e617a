import Basics
import Testing

@testable import billing

/// One report in every format.
@Suite(.tags(.unit)) struct ReportWriterTests {
  private static let rows: [JSON] = [
    ["id": "cus_1", "name": "=Ada", "balance": 1900, "currency": "usd", "tags": ["a"]],
    ["id": "cus_2", "name": .null, "balance": .null, "currency": "usd", "tags": []],
  ]
  private static let columns = [
    Column("ID", "id"), Column("NAME", "name"), .money("BALANCE", "balance"),
    Column("TAGS", "tags"),
  ]

  private func written(
    _ report: some Report, _ options: String, terminal: World.Terminal = World.Terminal(),
    environment: [String: String] = [:]
  ) async throws -> (output: String, errors: String) {
    let (output, errors) = (MemoryOutput(), MemoryOutput())
    let world = try TestWorld()
    var outside = world.world(environment: environment, output: output, errors: errors)
    outside.terminal = terminal
    let arguments = try Arguments(
      options.split(separator: " ").map { String($0) }, parameters: GlobalOptions.parameters,
      command: "")
    let context = try Context(outside, GlobalOptions(parsing: arguments))
    try await ReportWriter(context).write(report)
    return (output.text, errors.text)
  }

  private func list(_ rows: [JSON], hasMore: Bool = false) -> ListReport {
    ListReport(
      rows, hasMore: hasMore, keys: ["id", "name", "balance", "currency", "tags"],
      columns: Self.columns, empty: "There are no customers.")
  }

  private func stream(_ rows: [JSON]) -> ListReport {
    ListReport(
      stream: AsyncThrowingStream { continuation in
        for row in rows { continuation.yield(row) }
        continuation.finish()
      }, keys: ["id", "name", "balance", "currency", "tags"], columns: Self.columns, empty: "None.")
  }

  @Test func aTable() async throws {
    let written = try await written(list(Self.rows, hasMore: true), "")
    #expect(
      written.output == """
        ID     NAME  BALANCE  TAGS
        cus_1  =Ada   $19.00  a
        cus_2  -           -  -

        """)
    #expect(written.errors == "note: there are more; --limit N or --all shows them\n")
  }

  @Test func anEmptyTableSaysSoBesideTheData() async throws {
    let written = try await written(list([]), "")
    #expect(written.output == "")
    #expect(written.errors == "note: There are no customers.\n")
    #expect(try await self.written(list([]), "--quiet").errors == "")
  }

  @Test func widthCountsOnATerminalOnly() async throws {
    let terminal = World.Terminal(output: true, columns: 12)
    let cut = try await written(list(Self.rows), "--no-color", terminal: terminal)
    #expect(cut.output.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= 12 })
    let given = try await written(
      list(Self.rows), "--no-color", terminal: terminal, environment: ["COLUMNS": "200"])
    #expect(given.output.hasPrefix("ID     NAME  BALANCE  TAGS\n"))
    let file = try await written(list(Self.rows), "", environment: ["COLUMNS": "12"])
    #expect(file.output == given.output)
  }

  private static let json = """
    {
      "data": [
        {
          "id": "cus_1",
          "name": "=Ada",
          "balance": 1900,
          "currency": "usd",
          "tags": [
            "a"
          ]
        }
      ],
      "has_more": true
    }

    """

  @Test func json() async throws {
    #expect(
      try await written(list([Self.rows[0]], hasMore: true), "--json").output == Self.json)
    #expect(
      try await written(list([]), "--json").output
        == "{\n  \"data\": [],\n  \"has_more\": false\n}\n")
  }

  @Test func streamedJSONIsTheSameValue() async throws {
    for rows in [Self.rows, [Self.rows[0]], []] {
      let streamed = try await written(stream(rows), "--json").output
      let listed = try await written(list(rows), "--json").output
      #expect(try JSON(parsing: streamed) == JSON(parsing: listed))
    }
  }

  private static let lines = """
    {"id":"cus_1","name":"=Ada","balance":1900,"currency":"usd","tags":["a"]}
    {"id":"cus_2","name":null,"balance":null,"currency":"usd","tags":[]}

    """

  @Test func jsonLines() async throws {
    #expect(try await written(list(Self.rows), "--format jsonl").output == Self.lines)
    #expect(try await written(stream(Self.rows), "--format jsonl").output == Self.lines)
    #expect(try await written(list([]), "--format jsonl").output == "")
  }

  @Test func csv() async throws {
    let text =
      "id,name,balance,currency,tags\r\n"
      + "cus_1,'=Ada,1900,usd,\"[\"\"a\"\"]\"\r\ncus_2,,,usd,[]\r\n"
    #expect(try await written(list(Self.rows), "--format csv").output == text)
    #expect(try await written(stream(Self.rows), "--format csv").output == text)
    #expect(
      try await written(list([]), "--format csv").output == "id,name,balance,currency,tags\r\n")
  }

  private let object = ObjectReport(
    object: ["id": "cus_1", "name": "Ada\u{1B}[2J", "deleted": false],
    fields: [Field("ID", "cus_1"), Field("Name", "Ada\u{1B}[2J"), Field("Plan", JSON.null)],
    closing: "made")

  @Test func oneThing() async throws {
    #expect(
      try await written(object, "").output == """
        ID    cus_1
        Name  Ada\\x1b[2J
        Plan  -

        made

        """)
    #expect(
      try await written(object, "--json").output
        == "{\n  \"id\": \"cus_1\",\n  \"name\": \"Ada\\u001b[2J\",\n  \"deleted\": false\n}\n")
    #expect(
      try await written(object, "--format jsonl").output
        == "{\"id\":\"cus_1\",\"name\":\"Ada\\u001b[2J\",\"deleted\":false}\n")
    #expect(
      try await written(object, "--format csv").output
        == "id,name,deleted\r\ncus_1,Ada\\x1b[2J,false\r\n")
  }

  @Test func aTextHasNoOtherForm() async throws {
    let report = TextReport(text: "help")
    for options in ["", "--json", "--format csv"] {
      #expect(try await written(report, options).output == "help\n")
    }
  }

  @Test(arguments: [
    (JSON?.none, "-"), (.some(true), "yes"), (.some(["a", "b"]), "a, b"), (.some([]), "-"),
    (.some(["max": 3]), "{\"max\":3}"), (.some(""), "-"),
  ]) func cells(_ value: JSON?, _ text: String) {
    #expect(Cell(value).text == text)
  }

  @Test func momentsAndStates() {
    #expect(Cell(time: "2026-11-20T10:00:30Z").text == "2026-11-20 10:00")
    #expect(Cell(time: 1_795_168_800).text == "2026-11-20 10:00")
    #expect(Cell(time: nil).text == "-")
    #expect(Cell(status: "past_due").color == .yellow)
    #expect(Cell(status: "odd").color == nil)
  }
}
