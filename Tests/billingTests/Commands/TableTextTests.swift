import Basics
import Testing

@testable import billing

/// What an export may hold that is no text, or looks like the end of a line.
@Suite(.tags(.unit)) struct TableTextTests {
  private func failure(_ bytes: [UInt8]) -> String? {
    do throws(CommandError) {
      _ = try TableText.of(bytes, named: "c.csv")
      return nil
    } catch {
      return error.message
    }
  }

  @Test func brokenTextIsNamedByItsLine() {
    let latin = Array("a,b\r\nu-1,J".utf8) + [0xFC] + Array("rgen\r\n".utf8)
    #expect(failure(latin) == "c.csv:2: this is no UTF-8")
    #expect(failure([0xFF, 0xFE, 0x61, 0x00]) == "c.csv:1: this is no UTF-8")
    #expect(
      failure(Array("a\nb\n\nc\0".utf8)) == "c.csv:4: there is a NUL in it, which no text has")
    #expect(failure(Array("a,b\nu-1,Jürgen\n".utf8)) == nil)
  }

  @Test func theByteOrderMarkIsNoPartOfTheText() throws {
    #expect(try TableText.of([0xEF, 0xBB, 0xBF, 0x61], named: "c.csv") == "a")
  }

  /// Nothing of a file that is broken anywhere is used.
  @Test func commandsRefuseIt() async throws {
    let shop = try await Shop()
    let bytes = Array("external_id,name\nu-1,Ada\nu-2,J".utf8) + [0xFC]
    try Files.place(bytes, at: shop.world.directory + "/c.csv", token: "t")
    #expect(
      try await shop.failure("customer import c.csv")
        == "2 usage: c.csv:3: this is no UTF-8; save the file as UTF-8")
    #expect(
      try await shop.failure("apply c.csv")
        == "2 usage: c.csv:3: this is no UTF-8; save the file as UTF-8")
    #expect(try await shop.json("customer list")["data"] == [])
  }

  /// A quote without its end swallows what follows, and it is told where it began.
  @Test(arguments: [
    ("customer import", "external_id,name\nu-1,Ada\nu-2,\"J\(Self.long)\nu-3,Eve\n", "3: a cell"),
    ("customer import", "external_id,\(Self.long)\n", "1: a cell"),
    ("apply", "operation,customer\ncancel,u-1\ncancel,\(Self.long)\n", "3: a cell"),
  ])
  func aCellWithoutEnd(_ command: String, _ text: String, _ place: String) async throws {
    let shop = try await Shop(seeds: false)
    try shop.world.write(text, to: "c.csv")
    #expect(
      try await shop.failure("\(command) c.csv") == """
        2 usage: c.csv:\(place) has more than 10,000 characters; is the end of a quote missing?
        """)
  }

  private static let long = String(repeating: "x", count: 10_001)

  @Test func aLineOfJSONWithoutEnd() throws {
    let line = #"{"operation":"cancel","customer":"\#(Self.long)"}"#
    let error = #expect(throws: CommandError.self) {
      try ApplyTable(parsing: line, named: "c") { throw CommandError.usage("no plans") }
    }
    #expect(error?.details.first?["column"] == "customer")
    #expect(error?.details.first?["message"] == "has more than 10,000 characters")
  }

  @Test func otherEndsOfLinesStandInCells() throws {
    let table = try CSVTable(
      parsing: "external_id, metadata.my key \nu-1,a\u{2028}b\nu-2,c\r\nu-3,d\ru-4,e",
      named: "c.csv")
    #expect(table.header == ["external_id", "metadata.my key"])
    #expect(table.records.map { $0.line } == [2, 3, 4, 5])
    #expect(table.records[0].cells == ["u-1", "a\u{2028}b"])
  }
}
