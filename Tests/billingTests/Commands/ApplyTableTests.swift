import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

/// What a file of operations may say, and what is told of one that cannot be done.
@Suite(.tags(.unit)) struct ApplyTableTests {
  /// The mistakes of a file, a line each, and the error after them.
  private func mistakes(_ text: String) throws -> [String] {
    do {
      _ = try table(text)
      return []
    } catch let error as CommandError {
      #expect(error.exit == .usage)
      let details = error.details.map { detail in
        let place = [detail["line"], detail["column"]].map { Cell($0).text }
        return "\(place.joined(separator: ":")): \(detail["message"]?.string ?? "-")"
      }
      return details + [error.message + (error.hint.map { "; \($0)" } ?? "")]
    }
  }

  private func table(_ text: String) throws -> ApplyTable {
    try ApplyTable(parsing: text, named: "ops") {
      try Catalogue(path: Repository.root + "/fixtures/plans/agnostic.yaml", shownAs: "plans")
    }
  }

  private static let operations = Arguments.list(ApplyOperation.names)

  @Test(arguments: [
    (
      "operation,customer\n",
      "ops has no lines; nothing was done; the first line names the columns: "
    ),
    (
      "operation,costumer\ncancel,a@b.c\n",
      "ops:1: unknown column 'costumer'; did you mean customer?"
    ),
    ("operation,4242424242424242\ncancel,x\n", "ops:1: a column has a card number for a name"),
    ("operation,customer,customer\ncancel,x,y\n", "ops:1: the column 'customer' stands twice"),
    (
      "operation,customer\ncancel,\"a\n",
      "ops is no CSV file: a quote does not end where it should"
    ),
    ("", "ops has no lines; nothing was done; the first line names the columns: "),
  ])
  func noTable(_ text: String, _ message: String) throws {
    let told = try mistakes(text)
    #expect(told.count == 1 && told[0].hasPrefix(message), "\(told)")
  }

  @Test func everyBadLineIsNamed() throws {
    let text = """
      operation,customer,plan,interval,quantity,payment_method,trial_days,coupon
      subscribe,ada@example.com,team,month,2,pm_card_visa,0,launch
      ,ada@example.com,,,,,,
      refund,ada@example.com,,,,,,
      cancel,,,,,,,

      subscribe,ada@example.com,,,,,,
      subscribe,ada@example.com,teem,,,,,
      subscribe,ada@example.com,team,week,,,,
      subscribe,ada@example.com,team,,0,,,
      cancel,ada@example.com,team,,,,,
      subscribe,ada@example.com,team,,,4242 4242 4242 4242,,
      subscribe,ada@example.com,team,,,,,,,
      resume,--yes,,,,,,
      """
    #expect(
      try mistakes(text) == [
        "3:operation: is missing",
        "4:operation: must be \(Self.operations), not 'refund'",
        "5:customer: is missing",
        "7:plan: is missing",
        "8:plan: there is no plan 'teem'; did you mean team?",
        "9:interval: must be month, quarter or year, not 'week'",
        "10:quantity: must be from 1 to 1000000, not 0",
        "11:plan: cancel takes none",
        "12:payment_method: a card number; it was not used",
        "13:-: 10 cells under 8 columns",
        "ops has 10 mistakes; nothing was done",
      ])
  }

  @Test func everyBadObjectIsNamed() throws {
    let text = """
      {"operation":"cancel","customer":"ada@example.com","plan":null}
      {"operation":"cancel"
      {"operation":"cancel","costumer":"ada@example.com"}
      {"operation":"subscribe","customer":"a@b.c","plan":"team","quantity":1.5}

      {"operation":"subscribe","customer":"a@b.c","plan":"team","quantity":"two"}
      ["cancel"]
      {"operation":"subscribe","customer":4242424242424242,"plan":"team"}
      """
    #expect(
      try mistakes(text) == [
        "2:-: is no JSON object",
        "3:-: unknown key 'costumer'; did you mean customer?",
        "4:quantity: must be a text or a whole number",
        "6:quantity: must be a whole number, not 'two'",
        "7:-: is no JSON object",
        "8:customer: a card number; it was not used",
        "ops has 6 mistakes; nothing was done",
      ])
  }

  @Test func bothFormsMeanTheSame() throws {
    let rows = try table(
      "\u{FEFF}customer,operation,plan,quantity\r\nada@example.com,subscribe,team,2\r\n")
    let objects = try table(
      #"{"quantity":2,"plan":"team","operation":"subscribe","customer":"ada@example.com"}"#)
    #expect(rows.lines.map { $0.number } == [2])
    #expect(objects.lines.map { $0.number } == [1])
    #expect(rows.lines[0].key(attempt: 1) == objects.lines[0].key(attempt: 1))
  }

  /// A record that stretches over two lines counts as both.
  @Test func linesAreCountedAsEditorsDo() throws {
    let text = "operation,customer,reference\ncancel,u-1,\"a\nb\"\n\ncancel,u-2,\n"
    #expect(try table(text).lines.map { $0.number } == [2, 5])
  }

  @Test func aKeyIsOfWordsAndPlace() throws {
    let lines = try table(
      """
      operation,customer,reference
      cancel,u-1,
      cancel,u-1,
      cancel,u-1,again
      resume,u-1,
      """
    ).lines
    let keys = lines.flatMap { line in [1, 2].map { line.key(attempt: $0).text } }
    #expect(Set(keys).count == 8)
    #expect(keys[1] == keys[0] + "-2")
  }

  @Test func toCancelAtOnceNeedsAYes() throws {
    let lines = try table("operation,customer\ncancel now,u-1\ncancel,u-2\n").lines
    #expect(lines.map { $0.operation.needsConfirmation } == [true, false])
    #expect((lines[0].command as? Cancel)?.cancellation.isNow == true)
  }
}
