import Basics
import Testing

@Suite(.tags(.unit)) struct JSONMembersTests {
  private static func read(_ text: String) throws -> JSONObject {
    try #require(try JSON(parsing: text).object)
  }

  /// Two that were read share their keys, and a copy its values.
  @Test func changingOneLeavesTheOthers() throws {
    let text = #"{"id":"a","items":[1],"note":"a text of more than fifteen bytes"}"#
    let (first, second) = (try Self.read(text), try Self.read(text))
    var copy = first
    copy["id"] = "b"
    copy["new"] = 1
    copy["items"] = nil
    #expect(
      JSON.object(copy).compact == #"{"id":"b","note":"a text of more than fifteen bytes","new":1}"#
    )
    #expect(JSON.object(first).compact == text)
    #expect(JSON.object(second).compact == text)
    #expect(JSON.object(try Self.read(text)).compact == text)
  }

  @Test func growsAndShrinks() {
    var (object, copies) = (JSONObject(), [JSONObject]())
    for number in 0..<100 {
      object["key \(number)"] = JSON("value \(number) of a hundred")
      copies.append(object)
    }
    for (index, copy) in copies.enumerated() {
      #expect(copy.count == index + 1)
      #expect(copy["key \(index)"] == JSON("value \(index) of a hundred"))
      #expect(copy["key \(index + 1)"] == nil)
    }
    for number in stride(from: 0, to: 100, by: 2) { object["key \(number)"] = nil }
    object["absent"] = nil
    #expect(object.keys == stride(from: 1, to: 100, by: 2).map { "key \($0)" })
    #expect(object.map { $0.value } == object.values)
    for key in object.keys { object[key] = nil }
    #expect(object.isEmpty)
    #expect(object == [:])
    #expect(JSONObject().isEmpty)
  }

  @Test func isEqualWhateverTheOrder() throws {
    let one = try Self.read(#"{"a":1,"b":{"c":[1,2],"d":null}}"#)
    let other = try Self.read(#"{"b":{"d":null,"c":[1,2]},"a":1}"#)
    #expect(one == other)
    #expect(one.hashValue == other.hashValue)
    #expect(one != (try Self.read(#"{"a":1,"b":{"c":[2,1],"d":null}}"#)))
    #expect(one != (try Self.read(#"{"a":1,"e":{"c":[1,2],"d":null}}"#)))
    #expect(one != (try Self.read(#"{"a":1}"#)))
  }

  @Test func findsMembersAtAnyDepth() throws {
    let json = try JSON(parsing: #"{"a":1,"b":[{"c":{"d_of_some_length":null}}],"e":{}}"#)
    for name in ["a", "b", "c", "d_of_some_length", "e"] {
      #expect(json.hasMember(named: ["x", name]))
    }
    #expect(!json.hasMember(named: ["d", "d_of_some_lengtH"]))
    #expect(!JSON.string("a").hasMember(named: ["a"]))
    #expect(json.object?.keysOfObjects == ["e"])
  }
}
