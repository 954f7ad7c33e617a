import Testing

@testable import BillingCore

struct YAMLNumberTests {
  @Test(
    arguments: [
      ("0", "integer"), ("-12", "integer"), ("+007", "integer"),
      ("1.5", "decimal"), (".5", "decimal"), ("-0.50", "decimal"), ("1e3", "decimal"),
      ("1.5E-2", "decimal"), ("+.5e+1", "decimal"),
      ("1.", "text"), (".", "text"), ("-", "text"), ("e5", "text"), ("1e", "text"),
      ("1e+", "text"), ("1.2.3", "text"), ("1_000", "text"), ("0x10", "text"), ("12a", "text"),
      ("--1", "text"), ("１", "text"), ("1 2", "text"),
    ])
  func plainTextsThatAreNumbers(_ text: String, kind: String) {
    let node = YAMLNode(
      content: .scalar(text, isPlain: true), mark: TextMark(line: 1, column: 1), weight: 1)
    let expected: YAMLNode.Scalar? =
      switch kind {
      case "integer": .integer(text)
      case "decimal": .decimal(text)
      default: .text(text)
      }
    #expect(node.scalar == expected)
  }

  @Test func aQuotedNumberIsAText() {
    let node = YAMLNode(
      content: .scalar("12", isPlain: false), mark: TextMark(line: 1, column: 1), weight: 1)
    #expect(node.scalar == .text("12"))
  }
}
