import Basics
import Testing

@Suite struct JSONTests {
  @Test func roundTrips() throws {
    let text = #"{"b":1,"a":[true,null,2.50,"é\n\u007f"],"c":{}}"#
    #expect(try JSON(parsing: text).compact == #"{"b":1,"a":[true,null,2.5,"é\n\u007f"],"c":{}}"#)
  }
  @Test func times() {
    #expect(Timestamp(parsing: "2026-11-20T10:00:00+02:00")?.iso8601 == "2026-11-20T08:00:00Z")
    #expect(Timestamp(0).httpDate == "Thu, 01 Jan 1970 00:00:00 GMT")
  }
}
