import Basics
import BillingCore
import Testing

@testable import billing

@Suite(.tags(.unit)) struct UsageImportTests {
  @Test func wordsBecomeOptions() throws {
    let command = try Words.parsed(
      "usage import usage.csv --rejects bad.csv", as: UsageImport.self)
    #expect(command.file == "usage.csv" && command.rejects == "bad.csv")
    #expect(Words.mistake("usage import") == "FILE is missing; see billing usage import --help")
  }

  private func shop() async throws -> Shop {
    let shop = try await Shop("coditect", seeds: false)
    _ = try await shop.json("customer create --email ada@example.com --external-id user-1")
    _ = try await shop.json("entitlement set user-1 ai_requests unlimited --note x")
    return shop
  }

  private func used(_ shop: Shop, of limit: String = "ai_requests") async throws -> Int64? {
    let result = await shop.run("gate check user-1 \(limit) --json")
    return try JSON(parsing: result.output)["used"]?.integer
  }

  /// `exit accepted/duplicates/conflicts/rejected` of an import, and what was told.
  private func imported(
    _ shop: Shop, _ text: String, as name: String = "usage.jsonl", options: String = ""
  ) async throws -> (sums: String, told: [String]) {
    try shop.world.write(text, to: name)
    let result = await shop.run("usage import \(name) \(options) --json")
    return try Self.words(result)
  }

  private static func words(_ result: TestWorld.Result) throws -> (String, [String]) {
    let json = try JSON(parsing: result.output)
    let keys = ["accepted", "duplicates", "conflicts", "rejected"]
    #expect(json.object?.keys == ["read"] + keys + ["elapsed_seconds"])
    let counts = keys.map { json[$0]?.integer ?? -1 }
    #expect(json["read"]?.integer == counts.reduce(0, +))
    let told = result.errors.split(separator: "\n").filter { $0.hasPrefix("warning: ") }
      .map { String($0.dropFirst(9)) }
    return (
      "\(result.exit.rawValue) " + counts.map { "\($0)" }.joined(separator: "/"), told
    )
  }

  private static let good = """
    {"id":"a","customer":"user-1","meter":"ai_requests","quantity":2}
    {"id":"b","customer":"ada@example.com","meter":"ai_requests","quantity":3,\
    "timestamp":"2026-11-20T09:00:00Z","key_id":"k1","endpoint":"/v1","method":"GET",\
    "status_code":200,"response_time_ms":12}

    {"id":"c","customer":"user-1","meter":"storage_mb","quantity":40,"timestamp":1795165200,\
    "key_id":null}
    """

  @Test func eachIDIsWrittenOnce() async throws {
    let shop = try await shop()
    #expect(try await imported(shop, Self.good).sums == "0 3/0/0/0")
    #expect(try await used(shop) == 5)
    #expect(try await used(shop, of: "storage_mb") == 40)
    #expect(try await imported(shop, Self.good).sums == "0 0/3/0/0")
    #expect(try await used(shop) == 5)
  }

  @Test func aTableSaysTheSame() async throws {
    let shop = try await shop()
    let table = """
      \u{FEFF}id,customer,meter,quantity,timestamp,endpoint,status_code,line\r
      a,user-1,ai_requests,2,,"/v1,""x"" y",200,"1
      2"\r
      b,user-1,ai_requests,3,1795165200,"/v1"\r
      \r
      c,user-1,ai_requests,4,2026-11-20,,500
      """
    #expect(try await imported(shop, table, as: "usage.csv").sums == "0 3/0/0/0")
    #expect(try await used(shop) == 9)
    #expect(try await imported(shop, table, as: "usage").sums == "0 0/3/0/0")
    let store = try shop.world.context("--sandbox --quiet").store()
    #expect(try store.read { try $0.usageEvent("a") }?.request.endpoint == "/v1,\"x\" y")
    #expect(try store.read { try $0.usageEvent("b") }?.request.endpoint == "/v1")
    #expect(try store.read { try $0.usageEvent("c") }?.request.statusCode == 500)
  }

  @Test func whatIsWrongIsToldAndKept() async throws {
    let shop = try await shop()
    try shop.world.write("what stood here", to: "bad.jsonl")
    let text =
      Self.good + """

        {"id":"a","customer":"user-1","meter":"ai_requests","quantity":9}
        {"id":"d","customer":"bob","meter":"ai_requests","quantity":1}
        {"id":"e","customer":"user-1","meter":"requests","quantity":1}
        {"id":"f","customer":"user-1","meter":"ai_requests","quantity":-1}
        {"id":"g","customer":"user-1","meter":"ai_requests","quantity":1.5}
        {"id":"h","customer":"user-1","meter":"ai_requests","quantity":99999999999999999999}
        {"id":"i","customer":"user-1","meter":"ai_requests","quantity":9223372036854775807}
        {"id":"j","customer":"user-1","meter":"ai_requests","quantity":1,"timestamp":"2026-10-01"}
        {"id":"k","customer":"user-1","meter":"ai_requests","quantity":1,"timestamp":"soon"}
        {"id":"l","customer":"user-1","meter":"ai_requests"}
        {"id":"m","customer":"user-1","meter":"ai_requests","quantity":1,"time":1}
        {"id":"","customer":"user-1","meter":"ai_requests","quantity":1}
        {"id":"n","customer":"4242 4242 4242 4242","meter":"ai_requests","quantity":1}
        {"id":"o","customer":"user-1","meter":"ai_requests","quantity":1,"status_code":99}
        {"id":"p","customer":"user-1","meter":"ai_requests","quantity":1,"method":"G\\u0000T"}
        not json
        [1]
        """
    let (sums, told) = try await imported(shop, text, options: "--rejects bad.jsonl")
    #expect(sums == "10 3/0/1/16")
    #expect(
      told == [
        "usage.jsonl:5: the id is written down already, with another quantity",
        "usage.jsonl:6: no customer 'bob'", "usage.jsonl:7: there is no meter 'requests'",
        "usage.jsonl:8: quantity must not be negative",
        "usage.jsonl:9: quantity must be a whole number",
        "usage.jsonl:10: this is no JSON: malformed number, or one outside the range of 64 bits",
        "usage.jsonl:11: with this more would be used than can be counted",
        """
        usage.jsonl:12: timestamp must not lie more than 35 days back or 5 minutes ahead, and it \
        is 2026-10-01T00:00:00Z
        """,
        "usage.jsonl:13: timestamp must be ISO 8601 (2026-11-20T10:00:00Z) or unix seconds",
        "usage.jsonl:14: quantity is missing", "usage.jsonl:15: there is no field 'time'",
        "usage.jsonl:16: id must have 1 to 255 visible characters",
        "usage.jsonl:17: a card number stands there",
        "usage.jsonl:18: status_code must be from 100 to 599",
        "usage.jsonl:19: method must have 1 to 255 visible characters",
        "usage.jsonl:20: this is no JSON: unexpected character",
        "usage.jsonl:21: this is no JSON object",
      ])
    #expect(try await used(shop) == 5)
    let rejects = try shop.world.text(of: "bad.jsonl").split(separator: "\n").map { String($0) }
    #expect(rejects.count == 17)
    #expect(
      rejects[1] == """
        {"id":"d","customer":"bob","meter":"ai_requests","quantity":1,"line":6,\
        "error":"no customer 'bob'"}
        """)
    #expect(rejects[12] == #"{"line":17,"error":"a card number stands there"}"#)
    #expect(
      rejects[15]
        == #"{"text":"not json","line":20,"error":"this is no JSON: unexpected character"}"#)
  }

  /// A whole key is repeated nowhere, for whatever reason its line is refused.
  @Test(arguments: ["jsonl", "csv"])
  func aKeyIsKeptNowhere(_ format: String) async throws {
    let shop = try await Shop("coditect")
    let key = try await shop.key()["key"]?.string ?? "-"
    let table = """
      id,customer,meter,quantity,key_id,endpoint
      a,ada@example.com,ai_requests,1,\(key),
      b,ada@example.com,ai_requests,1,,/v1?key=\(key)
      c,ada@example.com,ai_requests,x,\(key),
      d,ada@example.com,ai_requests,1,"\(key)"x,
      """
    let lines = """
      {"id":"a","customer":"ada@example.com","meter":"ai_requests","quantity":1,"key_id":"\(key)"}
      {"id":"\(key)","customer":"ada@example.com","meter":"ai_requests","quantity":1}
      {"id":"c","customer":"eve@example.com","quantity":1,"key_id":"\(key)"}
      {"id":"d","key":{"\(key)":1}}
      {"id":"e","key_id":"\(key)"
      """
    let result = await shop.world.run(
      ["--sandbox", "--quiet", "usage", "import", "-", "--rejects", "bad", "--json"],
      input: format == "csv" ? table : lines)
    let (sums, told) = try Self.words(result)
    #expect(sums == (format == "csv" ? "10 0/0/0/4" : "10 0/0/0/5"))
    let first = format == "csv" ? 2 : 1
    #expect(
      told
        == (first...5).map {
          "standard input:\($0): an API key stands there; key_id takes its id (key_…)"
        })
    #expect(!(result.output + result.errors).contains(key))
    try shop.expectNowhere(key)
  }

  /// What was refused is mended where it stands, and imported as it is.
  @Test func whatWasMendedIsTaken() async throws {
    let shop = try await shop()
    let table = "id,customer,meter,quantity\na,bob,ai_requests,2\nb,user-1,ai_requests,x\n"
    let (sums, told) = try await imported(
      shop, table, as: "usage.csv", options: "--rejects bad.csv")
    #expect(sums == "10 0/0/0/2")
    #expect(told.last == "usage.csv:3: quantity must be a whole number")
    let rejects = try shop.world.text(of: "bad.csv")
    #expect(
      rejects == """
        id,customer,meter,quantity,error
        a,bob,ai_requests,2,no customer 'bob'
        b,user-1,ai_requests,x,quantity must be a whole number

        """)
    let mended = rejects.replacing(",bob", with: ",user-1").replacing(",x,", with: ",3,")
    #expect(try await imported(shop, mended, as: "mended.csv").sums == "0 2/0/0/0")
    #expect(try await used(shop) == 5)
    try shop.world.write("", to: "nothing.jsonl")
    let result = await shop.run("usage import nothing.jsonl --rejects bad.csv --json")
    #expect(try Self.words(result).0 == "0 0/0/0/0")
    #expect(try shop.world.text(of: "bad.csv") == "")
  }

  /// What was written in time is a duplicate for ever.
  @Test func whatWasInTimeStaysADuplicate() async throws {
    let shop = try await shop()
    _ = try await imported(shop, Self.good)
    _ = await shop.run("sandbox advance '2 months'")
    #expect(try await imported(shop, Self.good).sums == "0 0/3/0/0")
    let text = try shop.world.text(of: "plans.yaml")
    try shop.world.write(text.replacing("storage_mb", with: "disk_mb"), to: "plans.yaml")
    #expect(try await imported(shop, Self.good).sums == "0 0/3/0/0")
  }

  @Test func aDryRunCountsAndWritesNothing() async throws {
    let shop = try await shop()
    let twice = Self.good + "\n" + Self.good
    #expect(try await imported(shop, twice, options: "--dry-run").sums == "0 3/3/0/0")
    #expect(try await used(shop) == 0)
  }

  @Test func standardInputTellsWhatItIs() async throws {
    let shop = try await shop()
    let words = ["--sandbox", "--quiet", "usage", "import", "-", "--json"]
    let lines = await shop.world.run(words, input: Self.good)
    #expect(try Self.words(lines).0 == "0 3/0/0/0")
    let table = await shop.world.run(
      words, input: "customer,id,quantity,meter\nuser-1,x,1,ai_requests\n")
    #expect(try Self.words(table).0 == "0 1/0/0/0")
    let nothing = await shop.world.run(words, input: "")
    #expect(try Self.words(nothing).0 == "0 0/0/0/0")
  }

  @Test(arguments: [
    (
      "id,customer,meter\n", "2 usage: u.csv:1: the column quantity is missing"
    ),
    (
      "id,customer,meter,quantity,when\n", "2 usage: u.csv:1: there is no column 'when'"
    ),
    ("id,id,meter,quantity\n", "2 usage: u.csv:1: the column id stands twice"),
    (
      "\"id,customer\n", "2 usage: u.csv:1: a quote does not end where it should"
    ),
  ])
  func whatIsNoTableOfUsage(_ text: String, _ message: String) async throws {
    let shop = try await shop()
    try shop.world.write(text, to: "u.csv")
    #expect(try await shop.failure("usage import u.csv").hasPrefix(message))
  }

  @Test func whatCannotBeReadOrWritten() async throws {
    let shop = try await shop()
    #expect(
      try await shop.failure("usage import none.jsonl") == "4 not_found: none.jsonl: no such file")
    try shop.world.write("", to: "u.jsonl")
    #expect(
      try await shop.failure("usage import u.jsonl --rejects u.jsonl")
        == "2 usage: --rejects must not be the file that is read")
    #expect(
      try await shop.failure("usage import u.jsonl --rejects none/u.jsonl")
        .hasPrefix("4 not_found: none/u.jsonl: no such file"))
    #expect(
      try await shop.failure("usage import u.jsonl --idempotency-key k").hasPrefix("2 usage:"))
  }

  /// Many refused lines are counted, not told one by one.
  @Test func onlySomeAreTold() async throws {
    let shop = try await shop()
    let text = (1...30).map { "{\"id\":\($0)}" }.joined(separator: "\n")
    let (sums, told) = try await imported(shop, text)
    #expect(sums == "10 0/0/0/30")
    #expect(told.count == 21 && told.last == "and 10 more")
  }
}
