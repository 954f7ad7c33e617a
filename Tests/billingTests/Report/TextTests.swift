import Basics
import Foundation
import Testing

@testable import billing

@Suite(.tags(.unit)) struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("naïve", 5), ("nai\u{308}ve", 5), ("日本", 4), ("ｱｲ", 2), ("Ａ", 2),
    ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("🎉", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2),
    ("❤\u{FE0F}", 2), ("❤", 1), ("👍🏽", 2), ("a\u{200B}b", 2), ("Zoë 🚀", 6), ("𠮷", 2),
  ]) func columns(_ text: String, _ width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"),
    ("日本語", 1, "…"), ("abc", 0, ""), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
  ]) func cut(_ text: String, _ columns: Int, _ result: String) {
    #expect(DisplayWidth.truncated(text, to: columns) == result)
  }
}

@Suite(.tags(.unit)) struct VisibleTextTests {
  @Test(arguments: [
    ("Zoë 🚀", "Zoë 🚀"), ("a\nb\r\tc", "a\\nb\\r\\tc"), ("\u{1B}[31mred", "\\x1b[31mred"),
    ("\u{00}\u{7F}\u{85}\u{9B}", "\\x00\\x7f\\x85\\x9b"), ("a\u{202E}b", "a\\u{202e}b"),
    ("\u{2066}\u{2069}\u{200F}\u{061C}", "\\u{2066}\\u{2069}\\u{200f}\\u{061c}"),
    ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"), ("\r\n", "\\r\\n"), ("👩‍👩‍👧", "👩‍👩‍👧"),
  ]) func neutral(_ text: String, _ visible: String) {
    #expect(VisibleText.of(text) == visible)
  }
}

@Suite(.tags(.unit)) struct MoneyTextTests {
  @Test(arguments: [
    (1900, "usd", "$19.00"), (0, "usd", "$0.00"), (5, "usd", "$0.05"), (-1234, "usd", "-$12.34"),
    (123_456_789, "eur", "€1,234,567.89"), (480_000, "gbp", "£4,800.00"), (1900, "jpy", "¥1,900"),
    (1900, "kwd", "1.900 KWD"), (5, "krw", "5 KRW"), (1900, "chf", "19.00 CHF"),
    (1900, "isk", "19.00 ISK"), (1900, "", "19.00"),
    (Int64.min, "usd", "-$92,233,720,368,547,758.08"),
  ]) func whole(_ minor: Int64, _ currency: String, _ text: String) {
    #expect(MoneyText.of(minor, currency) == text)
  }

  @Test(arguments: [
    ("1", "usd", "$0.01"), ("0.5", "usd", "$0.005"), ("1900", "usd", "$19.00"),
    ("1900.25", "usd", "$19.0025"), ("0.000000000001", "usd", "$0.00000000000001"),
    ("1.5", "jpy", "¥1.5"), ("2", "jpy", "¥2"), ("-0.5", "usd", "-$0.005"),
  ]) func parts(_ minor: String, _ currency: String, _ text: String) throws {
    #expect(MoneyText.of(try #require(Decimal(string: minor)), currency) == text)
  }
}

@Suite(.tags(.unit)) struct CSVTextTests {
  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
    ("two\nlines", "\"two\nlines\""), ("", ""), ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"),
    ("+49 30 1234", "'+49 30 1234"), ("-5", "-5"), ("-5.25", "-5.25"), ("+5", "+5"),
    ("-", "'-"), ("-5.", "'-5."), ("--5", "'--5"), ("\tx", "'\tx"), ("\rx", "\"'\rx\""),
    ("\nx", "\"'\nx\""), ("\r\nx", "\"'\r\nx\""), ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
  ]) func texts(_ text: String, _ cell: String) {
    #expect(CSVText.line([CSVText.cell(.string(text))]) == cell + "\r\n")
  }

  @Test func otherValues() {
    let cells: [JSON?] = [nil, .null, true, -7, ["a", 1], ["b": .null]]
    #expect(
      CSVText.line(cells.map { CSVText.cell($0) })
        == ",,true,-7,\"[\"\"a\"\",1]\",\"{\"\"b\"\":null}\"\r\n")
  }
}

@Suite(.tags(.unit)) struct TableTests {
  private let table = Table(
    columns: [
      Column("NAME", "name"), Column("AMOUNT", "amount", alignment: .right),
      Column("STATUS", "status"),
    ],
    rows: [
      [Cell("日本"), Cell("$19.00"), Cell("active", .green)],
      [Cell("Ada\u{1B}[2J\nLovelace"), Cell("$1,900.00"), Cell("-")],
    ])

  @Test func columnsAreAligned() {
    #expect(
      table.text(columns: nil, color: false) == """
        NAME                     AMOUNT  STATUS
        日本                     $19.00  active
        Ada\\x1b[2J\\nLovelace  $1,900.00  -

        """)
  }

  @Test func linesAreCutOnlyWhereAWidthIsKnown() {
    #expect(
      table.text(columns: 30, color: false) == """
        NAME            AMOUNT  STATUS
        日本            $19.00  active
        Ada\\x1b[2J…  $1,900.00  -

        """)
    let narrow = table.text(columns: 12, color: false).split(separator: "\n")
    #expect(narrow == ["NAME      A…", "日本      $…", "Ada\\x1b…  $…"])
  }

  @Test func colour() {
    let text = Table(
      columns: [Column("S", "s")], rows: [[Cell("active", .green)], [Cell("-")]]
    ).text(columns: nil, color: true)
    #expect(text == "\u{1B}[1mS\u{1B}[0m\n\u{1B}[32mactive\u{1B}[0m\n-\n")
  }
}
