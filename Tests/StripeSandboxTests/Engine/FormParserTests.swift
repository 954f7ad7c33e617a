import Basics
import Testing

@testable import StripeSandbox

@Suite struct FormParserTests {
  /// The tree as nested JSON, all leaves text.
  private func tree(_ form: Form) -> JSON {
    if let text = form.text { return .string(text) }
    return .object(
      JSONObject(uniqueKeysWithValues: form.members.map { ($0.name, tree($0.value)) }))
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("", "{}"),
      ("a=1", #"{"a":"1"}"#),
      ("a", #"{"a":""}"#),
      ("a=1&a=2", #"{"a":"2"}"#),
      ("&a=1&&b=2&", #"{"a":"1","b":"2"}"#),
      ("a=x+y%20z%2B", #"{"a":"x y z+"}"#),
      ("a=%C3%A4=b", #"{"a":"ä=b"}"#),
      ("a[b]=1&a[c]=2", #"{"a":{"b":"1","c":"2"}}"#),
      ("a%5Bb%5D%5Bc%5D=1", #"{"a":{"b":{"c":"1"}}}"#),
      ("a[]=1&a[]=2", #"{"a":{"0":"1","1":"2"}}"#),
      ("a[0][b]=1&a[0][c]=2&a[1][b]=3", #"{"a":{"0":{"b":"1","c":"2"},"1":{"b":"3"}}}"#),
      ("a[][b]=1&a[][c]=2&a[][b]=3", #"{"a":{"0":{"b":"1","c":"2"},"1":{"b":"3"}}}"#),
      ("a=&a[b]=1", #"{"a":{"b":"1"}}"#),
      ("metadata[a b]=1", #"{"metadata":{"a b":"1"}}"#),
    ])
  func reads(_ text: String, _ expected: String) throws {
    #expect(tree(try Form(parsing: text.utf8)) == (try JSON(parsing: expected)))
  }

  @Test(
    .tags(.unit),
    arguments: [
      "a=%", "a=%4", "a=%zz", "a=%ff", "a=%00", "=1", "[a]=1", "a[b=1", "a[b]c=1", "a[b]]=1",
      "a[[b]]=1", "a=1&a[b]=2", "a[b]=1&a=2",
      "a" + String(repeating: "[b]", count: 16) + "=1",
      String(repeating: "a=1&", count: 5001),
    ])
  func refuses(_ text: String) {
    #expect(throws: SandboxError.self) { try Form(parsing: text.utf8) }
  }

  @Test(.tags(.unit)) func saysWhatIsMalformed() throws {
    let error = #expect(throws: SandboxError.self) { try Form(parsing: "a[b=1".utf8) }
    #expect(error?.status == 400)
    #expect(error?.message == "Invalid request: the parameter name 'a[b' is malformed.")
  }
}
