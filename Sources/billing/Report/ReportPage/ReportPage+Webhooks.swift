import Basics
import BillingCore

/// Whether what Stripe tells arrives, and is understood.
extension ReportPage {
  var webhooks: HTML {
    let health = facts.webhooks
    let columns = health.days.enumerated().map { index, day in
      ColumnChart.Column(
        label: index.isMultiple(of: 5) ? String(day.start.iso8601Date.suffix(5)) : "",
        title: day.start.iso8601Date, values: [day.settled, day.waiting, day.failed])
    }
    let hasAny = health.days.contains { $0.settled + $0.waiting + $0.failed > 0 }
    let chart = ColumnChart(
      title: "Events of Stripe a day",
      series: [
        .init(name: "settled", style: "one"), .init(name: "waiting", style: "warn"),
        .init(name: "failed", style: "bad"),
      ], columns: columns, tick: { PlanWords.number($0) },
      value: { PlanWords.number($0) })
    let none: HTML = "<p>No event came in the last \(health.days.count) days.</p>"
    return Self.section(
      "webhooks", "Webhooks",
      [sentence(health), hasAny ? chart.html : none, failures(health)].joined())
  }

  private func sentence(_ health: WebhookHealth) -> HTML {
    let rate = Self.percent(facts.metrics.webhooks)
    let settled = PlanWords.number(health.settled)
    let state: HTML =
      health.failed + health.waiting == 0
      ? "<span class=\"good-text\">none waits, none failed</span>"
      : """
      <span class="bad-text">\(PlanWords.number(health.failed)) failed</span> and \
      \(PlanWords.number(health.waiting)) wait, of any age
      """
    return """
      <p>\(settled) events were settled in \(health.days.count) days, \(rate) of those that were run; \
      \(state).</p>
      """
  }

  private func failures(_ health: WebhookHealth) -> HTML {
    guard !health.failures.isEmpty else { return .none }
    let table = HTMLTable(
      caption: "Events that failed, the newest first",
      columns: [
        .init("Event"), .init("Type"), .init("When"), .number("Attempts"), .init("Why"),
      ],
      rows: health.failures.map { event -> [HTML] in
        [
          HTML(text: event.id), HTML(text: event.type),
          "<span class=\"nowrap\">\(Self.time(event.created))</span>", "\(event.attempts)",
          HTML(text: event.error ?? "–"),
        ]
      })
    return "\(table.html)\n<p class=\"soft\">billing webhook retry runs them again.</p>"
  }
}
