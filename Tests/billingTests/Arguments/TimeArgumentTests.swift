import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct TimeArgumentTests {
  private static let now = Timestamp(1_795_168_800)

  @Test(arguments: [
    ("2026-11-19", "2026-11-19T00:00:00Z"), ("1795168800", "2026-11-20T10:00:00Z"),
    ("2026-11-20T12:00:00+02:00", "2026-11-20T10:00:00Z"), ("now", "2026-11-20T10:00:00Z"),
    ("3d", "2026-11-17T10:00:00Z"), ("12h", "2026-11-19T22:00:00Z"),
    ("1 month", "2026-10-20T10:00:00Z"),
  ]) func backwards(_ text: String, _ moment: String) throws {
    #expect(try #require(TimeArgument(parsing: text)).before(Self.now).iso8601 == moment)
  }

  @Test(arguments: [
    ("2026-12-01", "2026-12-01T00:00:00Z"), ("3d", "2026-11-23T10:00:00Z"),
    ("1 month", "2026-12-20T10:00:00Z"),
  ]) func forwards(_ text: String, _ moment: String) throws {
    #expect(try #require(TimeArgument(parsing: text)).after(Self.now).iso8601 == moment)
  }

  @Test(arguments: ["", "tomorrow", "2026-13-01", "3 parsecs", "-3d"]) func refused(_ text: String)
  {
    #expect(TimeArgument(parsing: text) == nil)
  }
}
