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

  @Test func otherEndsOfLinesStandInCells() throws {
    let table = try CSVTable(
      parsing: "external_id, metadata.my key \nu-1,a\u{2028}b\nu-2,c\r\nu-3,d\ru-4,e",
      named: "c.csv")
    #expect(table.header == ["external_id", "metadata.my key"])
    #expect(table.records.map { $0.line } == [2, 3, 4, 5])
    #expect(table.records[0].cells == ["u-1", "a\u{2028}b"])
  }
}
