import Basics
import Foundation
import Testing

@Suite(.tags(.unit)) struct JSONTests {
  @Test func keepsTheOrderOfKeys() throws {
    let text = #"{"b":1,"a":[true,null,2.5,"é"],"c":{}}"#
    #expect(try JSON(parsing: text).compact == text)
  }

  @Test func writesOverSeveralLines() {
    let value: JSON = ["b": 1, "a": [true, .null], "empty": [:], "none": []]
    #expect(
      value.pretty == """
        {
          "b": 1,
          "a": [
            true,
            null
          ],
          "empty": {},
          "none": []
        }
        """)
  }

  @Test(arguments: [
    ("\"\\/", #""\"\\/""#),
    ("\n\r\t\u{8}\u{0}", #""\n\r\t\u0008\u0000""#),
    ("\u{1B}[31m\u{7F}\u{9B}", #""\u001b[31m\u007f\u009b""#),
    ("\u{202E}\u{2066}\u{200F}\u{061C}\u{2028}", #""\u202e\u2066\u200f\u061c\u2028""#),
    ("é€😀", "\"é€😀\""),
    ("👩‍👩‍👧", "\"👩‍👩‍👧\""),
  ])
  func escapesWhatSteersATerminal(text: String, written: String) throws {
    #expect(JSON.string(text).compact == written)
    #expect(try JSON(parsing: written) == .string(text))
  }

  @Test func writesNumbers() {
    #expect(JSON.integer(.min).compact == "-9223372036854775808")
    #expect(JSON(Decimal(string: "0.10")).compact == "0.1")
    #expect(JSON(Decimal.nan).compact == "null")
  }

  @Test func everyScalarSurvivesARoundTrip() throws {
    for value in stride(from: UInt32(0), through: 0x10FFFF, by: 7) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = String(Character(scalar))
      let back = try JSON(parsing: JSON.string(text).compact).string
      #expect(back.map { Array($0.utf8) } == Array(text.utf8))
    }
  }

  @Test func readsByKeyIndexAndPath() {
    let value: JSON = ["items": ["data": [["id": "si_1", "quantity": 2]]], "flag": false]
    #expect(value["items"]?["data"]?[0]?["id"]?.string == "si_1")
    #expect(value[at: "items", "data", "0", "quantity"]?.integer == 2)
    #expect(value[at: "items", "data", "0", "quantity"]?.decimal == 2)
    #expect(value["flag"]?.bool == false)
    #expect(value[at: "items", "data", "1"] == nil)
    #expect(value[at: "items", "data", "-1"] == nil)
    #expect(value["flag"]?["x"] == nil)
    #expect(value["flag"]?[0] == nil)
    #expect(value["flag"]?.string == nil)
    #expect(value["items"]?["data"]?.array?.count == 1)
    #expect(JSON.null.isNull)
  }

  @Test func makesNullOfWhatIsAbsent() {
    #expect(
      [
        JSON(nil as String?), JSON(nil as Int64?), JSON(nil as Int?), JSON(nil as Bool?),
        JSON(nil as Decimal?),
      ] == [.null, .null, .null, .null, .null])
    #expect([JSON("a"), JSON(1 as Int?), JSON(true as Bool?)] == ["a", 1, true])
  }
}

@Suite(.tags(.unit)) struct JSONObjectTests {
  @Test func changesKeepTheOrder() {
    var object: JSONObject = ["a": 1, "b": 2, "c": 3]
    object["b"] = 20
    object["d"] = 4
    object["a"] = nil
    object["z"] = nil
    #expect(object.keys == ["b", "c", "d"])
    #expect(object.map { $0.value } == [20, 3, 4])
    #expect(!object.isEmpty)
    #expect(JSONObject().isEmpty)
  }

  @Test func equalityDoesNotCountTheOrder() {
    let one: JSONObject = ["a": 1, "b": 2]
    let other: JSONObject = ["b": 2, "a": 1]
    #expect(one == other)
    #expect(one.hashValue == other.hashValue)
    #expect(one != ["a": 1])
    #expect(one != ["a": 1, "b": 3])
    #expect(one != ["a": 1, "c": 2])
  }
}
