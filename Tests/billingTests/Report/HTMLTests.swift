import Testing

@testable import billing

@Suite(.tags(.unit)) struct HTMLTests {
  @Test func whatIsPutInIsEscapedOnce() {
    let (hostile, markup): (String, HTML) = ("<b title='x'>\"A&B\"</b>", "<i>\(1)</i>")
    #expect(
      ("<td>\(hostile)\(markup)</td>" as HTML).markup
        == "<td>&lt;b title=&#39;x&#39;&gt;&quot;A&amp;B&quot;&lt;/b&gt;<i>1</i></td>")
  }

  @Test(arguments: [
    ("one\ntwo\r\nthree\tfour", "one two three four"), ("a\u{202E}b", "a\\u{202e}b"),
    ("\u{1B}[31m", "\\x1b[31m"), ("שלום", "שלום"),
  ])
  func whatIsNotToBeSeenIsMadeVisible(_ text: String, _ escaped: String) {
    #expect(HTML(text: text).markup == escaped)
  }

  @Test func emptyPartsLeaveNoGap() {
    #expect([HTML.none, "a", .none, "b"].joined(", ").markup == "a, b")
  }

  @Test(
    arguments: [
      (1, 3, "33.33%"), (2, 3, "66.66%"), (1, 1, "100.00%"), (0, 7, "0.00%"),
      (1_000_000_000_000_000, 3_000_000_000_000_000, "33.33%"),
    ] as [(Int64, Int64, String)])
  func partsInPercent(_ part: Int64, _ whole: Int64, _ text: String) {
    #expect(HTML.percent(part, of: whole).markup == text)
  }

  @Test func aTableNamesItsCellsForNarrowScreens() {
    let table = HTMLTable(
      caption: "Who \"owes\"", columns: [.init("Customer"), .number("Owed"), .init("")],
      rows: [["<b>Ada</b>", "$1.00", "x"]])
    #expect(
      table.html.markup == """
        <table class="stacks" aria-label="Who &quot;owes&quot;">
        <thead><tr><th scope="col">Customer</th><th scope="col" class="number">Owed</th>\
        <td></td></tr></thead>
        <tbody>
        <tr><th scope="row"><b>Ada</b></th><td class="number" data-label="Owed">$1.00</td>\
        <td data-label="">x</td></tr>
        </tbody>
        </table>
        """)
  }
}

@Suite(.tags(.unit)) struct AxisScaleTests {
  @Test(
    arguments: [
      (0, 0, 1, [0, 1]), (0, 0, 100, [0, 100]), (0, 7, 1, [0, 2, 4, 6, 8]),
      (0, 927_800, 100, [0, 200_000, 400_000, 600_000, 800_000, 1_000_000]),
      (-34_100, 161_300, 100, [-50_000, 0, 50_000, 100_000, 150_000, 200_000]),
      (0, 1_000_000_000_000_000, 1, (0...5).map { $0 * 200_000_000_000_000 }),
    ] as [(Int64, Int64, Int64, [Int64])])
  func ticksAreRoundAndReachAround(
    _ low: Int64, _ high: Int64, _ unit: Int64, _ ticks: [Int64]
  ) {
    #expect(AxisScale(from: low, to: high, unit: unit).ticks == ticks)
  }

  @Test func valuesStandBetweenTheEnds() {
    let scale = AxisScale(from: -50, to: 150)
    #expect(scale.ticks == [-50, 0, 50, 100, 150])
    #expect([-50, 0, 150, 999].map { scale.offset(of: $0, length: 200) } == [200, 150, 0, 0])
  }
}

@Suite(.tags(.unit)) struct ColumnChartTests {
  private func chart(_ columns: [ColumnChart.Column]) -> String {
    ColumnChart(
      title: "Events & more",
      series: [.init(name: "in", style: "one"), .init(name: "out", style: "five")],
      columns: columns, tick: { "\($0)" }, value: { "\($0)" }, showsSums: true
    ).html.markup
  }

  @Test func whatCountsAgainstHangsBelowTheLine() {
    let text = chart([
      .init(label: "Jan", note: "2027", title: "January 2027", values: [4, -2]),
      .init(label: "Feb", title: "February 2027", values: [0, 0]),
    ])
    #expect(text.contains("<title>January 2027: in 4, out -2</title>"))
    #expect(text.contains("<title>February 2027: nothing</title>"))
    // From −2 to 4 in 220 pixels: the line stands two thirds down, 20 pixels below the top.
    #expect(
      text.contains("<rect class=\"one\" x=\"9.00%\" width=\"32.00%\" y=\"20\" height=\"146\"/>"))
    #expect(
      text.contains("<rect class=\"five\" x=\"9.00%\" width=\"32.00%\" y=\"166\" height=\"74\"/>"))
    #expect(text.contains("<text class=\"sum\" x=\"25.00%\" y=\"14\">4</text>"))
    #expect(text.contains("aria-label=\"Events &amp; more\""))
  }

  @Test func withoutColumnsThereIsAnEmptyAxis() {
    #expect(chart([]).contains("<text class=\"axis\" x=\"-8\" y=\"244\">0</text>"))
  }
}
