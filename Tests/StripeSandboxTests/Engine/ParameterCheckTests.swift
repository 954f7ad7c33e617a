import Basics
import Testing

@testable import StripeSandbox

@Suite struct ParameterCheckTests {
  private static let schema = ParameterSchema.object(
    [
      "name": .string, "count": .integer, "active": .boolean, "share": .number,
      "price": .decimalString, "kind": .enumeration(["a", "b", "c"]),
      "side": .enumeration(["up", "down"]), "only": .enumeration(["one"]),
      "tags": .array(.string), "metadata": .anyOf([.enumeration([""]), .map]),
      "extra": .map,
      "period": .object(["unit": .string, "count": .integer], required: ["unit"]),
      "items": .array(.object(["id": .string, "count": .integer], required: ["id"])),
      "end": .anyOf([.enumeration(["now"]), .integer]),
      "created": .anyOf([.object(["gt": .integer], required: []), .integer]),
    ], required: ["name"])

  private func typed(_ form: String) throws -> JSON {
    .object(try ParameterCheck.typed(Form(parsing: form.utf8), as: Self.schema))
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("name=x", #"{"name":"x"}"#),
      ("name=x&count=-12", #"{"name":"x","count":-12}"#),
      ("name=x&active=true", #"{"name":"x","active":true}"#),
      ("name=x&active=false", #"{"name":"x","active":false}"#),
      ("name=x&active=True", #"{"name":"x","active":true}"#),
      ("name=x&active=False", #"{"name":"x","active":false}"#),
      ("name=x&share=12.5", #"{"name":"x","share":12.5}"#),
      ("name=x&price=.01", #"{"name":"x","price":0.01}"#),
      ("name=x&kind=b", #"{"name":"x","kind":"b"}"#),
      ("name=x&tags[]=a&tags[]=b", #"{"name":"x","tags":["a","b"]}"#),
      ("name=x&tags[1]=b&tags[0]=a", #"{"name":"x","tags":["a","b"]}"#),
      ("name=x&metadata[a]=1", #"{"name":"x","metadata":{"a":"1"}}"#),
      ("name=x&metadata=", #"{"name":"x","metadata":""}"#),
      ("name=x&extra=", #"{"name":"x","extra":""}"#),
      ("name=x&extra[usd][amount]=1", #"{"name":"x","extra":{"usd":{"amount":"1"}}}"#),
      ("name=x&period[unit]=day", #"{"name":"x","period":{"unit":"day"}}"#),
      (
        "name=x&items[0][id]=a&items[0][count]=1&items[1][id]=b",
        #"{"name":"x","items":[{"id":"a","count":1},{"id":"b"}]}"#
      ),
      ("name=x&end=now", #"{"name":"x","end":"now"}"#),
      ("name=x&end=17", #"{"name":"x","end":17}"#),
      ("name=x&created=17", #"{"name":"x","created":17}"#),
      ("name=x&created[gt]=17", #"{"name":"x","created":{"gt":17}}"#),
    ])
  func types(_ form: String, _ expected: String) throws {
    #expect(try typed(form).compact == (try JSON(parsing: expected)).compact)
  }

  private static let integer = "parameter_invalid_integer"

  @Test(
    .tags(.unit),
    arguments: [
      ("count=1", "parameter_missing name: Missing required param: name."),
      ("name=x&foo=1", "parameter_unknown foo: Received unknown parameter: foo"),
      (
        "name=x&foo=1&bar[a]=2", "parameter_unknown foo: Received unknown parameters: foo, bar"
      ),
      (
        "name=x&period[foo]=1",
        "parameter_unknown period[foo]: "
          + "Received unknown parameter: period[foo]"
      ),
      (
        "name=x&period[count]=1",
        "parameter_missing period[unit]: "
          + "Missing required param: period[unit]."
      ),
      (
        "name=x&items[0][count]=1",
        "parameter_missing items[0][id]: "
          + "Missing required param: items[0][id]."
      ),
      ("name=x&count=abc", "\(integer) count: Invalid integer: abc"),
      ("name=x&count=1.0", "\(integer) count: Invalid integer: 1.0"),
      ("name=x&count=%2B1", "\(integer) count: Invalid integer: +1"),
      ("name=x&count=٣", "\(integer) count: Invalid integer: ٣"),
      (
        "name=x&count=9223372036854775808",
        "\(integer) count: Invalid integer: 9223372036854775808"
      ),
      ("name=x&end=later", "\(integer) end: Invalid integer: later"),
      ("name=x&active=yes", "- active: Invalid boolean: yes"),
      ("name=x&active=TRUE", "- active: Invalid boolean: TRUE"),
      ("name=x&share=1e3", "- share: Invalid decimal: 1e3"),
      ("name=x&kind=z", "- kind: Invalid kind: must be one of a, b, or c"),
      ("name=x&side=z", "- side: Invalid side: must be one of up or down"),
      ("name=x&only=z", "- only: Invalid only: must be one"),
      ("name=x&tags=a", "- tags: Invalid array"),
      ("name=x&tags[a]=b", "- tags: Invalid array"),
      ("name=x&period=day", "- period: Invalid object"),
      ("name=x&extra=day", "- extra: Invalid object"),
      ("name=x&metadata=day", "- metadata: Invalid object"),
      ("name[a]=x", #"- name: Invalid string: {"a":"x"}"#),
      ("name=x&created[gt]=a", "\(integer) created[gt]: Invalid integer: a"),
      (
        "name=x&created[foo]=a",
        "parameter_unknown created[foo]: "
          + "Received unknown parameter: created[foo]"
      ),
    ])
  func refuses(_ form: String, _ expected: String) throws {
    let error = #expect(throws: SandboxError.self) { try typed(form) }
    #expect(
      "\(error?.code ?? "-") \(error?.parameter ?? "-"): \(error?.message ?? "")" == expected)
    #expect(error?.status == 400)
  }

  @Test(
    .tags(.unit),
    arguments: ["name", "count", "active", "share", "kind", "tags", "period", "end"])
  func refusesToUnset(_ name: String) {
    let form = name == "name" ? "name=" : "name=x&\(name)="
    let error = #expect(throws: SandboxError.self) { try typed(form) }
    #expect(error == .emptyParameter(name))
  }

  @Test(.tags(.unit)) func refusesLongTexts() {
    let long = String(repeating: "a", count: 4996) + "bbbbb"
    let error = #expect(throws: SandboxError.self) { try typed("name=\(long)") }
    #expect(error?.message == "Invalid string: aaaaa...bbbbb; must be at most 5000 characters")
    #expect(throws: Never.self) { try typed("name=\(long.dropLast())") }
  }

  @Test(.tags(.unit)) func readsEveryOperationThatStripeDeclares() {
    let broken = APIFacts.operations.filter { operation in
      let words = operation.split(separator: " ").map(String.init)
      guard let facts = APIFacts.operation(method: words[0], path: words[1]) else { return true }
      guard case .object = facts.parameters else { return true }
      return facts.returns.isEmpty
    }
    #expect(broken == [])
    #expect(APIFacts.operations.count == 215)
  }
}
