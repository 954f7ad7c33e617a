import Basics
import BillingCore
import Foundation

/// How the business stands, as a page in one file: revenue, movements, plans, what is owed, what is
/// used up, and whether webhooks arrive.
struct ReportPage {
  let facts: ReportFacts

  var html: String {
    let name = facts.business.map { "\($0): subscriptions" } ?? "Subscriptions"
    let parts: [HTML] = [
      head(name), figures, revenue, plans, currencies, dunning, usage, webhooks, definitions,
    ]
    return HTMLPage(
      title: "\(name), \(facts.asOf.iso8601Date)",
      style: [Self.style, ColumnChart.style, ShareBar.style].joined(separator: "\n"),
      body: parts.joined()
    ).text
  }

  // MARK: Words

  func money(_ amount: Int64?) -> String { Self.money(amount, facts.currency) }

  /// With a minus sign instead of a hyphen.
  static func money(_ amount: Int64?, _ currency: String) -> String {
    guard let amount else { return "–" }
    return MoneyText.of(amount, currency).replacing("-", with: "−")
  }

  /// `5.26%`; a dash where there is nothing to count.
  static func percent(_ ratio: Ratio) -> String { ratio.percent.map { "\($0)%" } ?? "–" }

  static func time(_ moment: Timestamp?) -> String {
    moment.map { Cell(time: JSON($0)).text } ?? "–"
  }

  static func section(_ id: HTML, _ title: String, _ body: HTML) -> HTML {
    "<section aria-labelledby=\"\(id)\">\n<h2 id=\"\(id)\">\(title)</h2>\n\(body)\n</section>"
  }

  // MARK: Head

  private func head(_ name: String) -> HTML {
    let mode =
      switch facts.mode {
      case .sandbox: " These are figures of the sandbox, not of real customers."
      case .test: " These are figures of Stripe's test mode, not of real customers."
      case .live, nil: ""
      }
    let time = Self.time(facts.asOf)
    return """
      <header>
      <h1>\(name)</h1>
      <p class="soft">As things stood on \(time) UTC, in \(facts.currency.uppercased()).\(mode)</p>
      </header>
      """
  }

  // MARK: Figures

  private static let shown = [
    "mrr", "arr", "active_subscriptions", "trialing", "past_due", "arpa", "signups",
    "customer_churn_rate", "net_revenue_retention", "trial_conversion_rate",
    "payment_success_rate", "recovery_rate",
  ]

  private var figures: HTML {
    let figures = Self.shown.compactMap { key in MetricFigure.all.first { $0.key == key } }
    return Self.section(
      "figures", "At a glance",
      """
      <p class="soft">Rates and sums are of the thirty days before.</p>
      <div class="cards">
      \(figures.map(card).joined())
      </div>
      """)
  }

  private func card(_ figure: MetricFigure) -> HTML {
    var value: String
    var detail = ""
    switch figure.value(facts.metrics) {
    case .money(let amount): value = money(amount)
    case .count(let count): value = PlanWords.number(count)
    case .share(let ratio): value = Self.percent(ratio)
    case .rate(let ratio):
      value = Self.percent(ratio)
      detail = "\(PlanWords.number(ratio.part)) of \(PlanWords.number(ratio.whole))"
      if ratio.whole == 0 { detail = "nothing to count" }
    }
    if figure.key == "mrr", facts.metrics.startMRR > 0 { detail = change }
    let goal = facts.goals.first { $0.goal.metric == figure.key }.map(words) ?? .none
    return """
      <div class="card">
      <h3>\(figure.title)</h3>
      <p class="value">\(breaking(value))</p>
      \(detail.isEmpty ? .none : "<p class=\"small soft\">\(detail)</p>")\(goal)
      </div>
      """
  }

  /// A number that may be broken between its thousands, and nowhere else.
  private func breaking(_ number: String) -> HTML {
    number.split(separator: ",", omittingEmptySubsequences: false)
      .map { HTML(text: String($0)) }.joined(",<wbr>")
  }

  /// `+$120.00 in thirty days`
  private var change: String {
    let difference = facts.metrics.mrr - facts.metrics.startMRR
    return "\(difference > 0 ? "+" : "")\(money(difference)) in thirty days"
  }

  private func words(of goal: MetricsGoal) -> HTML {
    let target = goal.words(Decimal(string: goal.goal.target), facts.currency)
    let (style, met): (HTML, String) =
      switch goal.isMet {
      case true?: ("good", "met")
      case false?: ("bad", "missed")
      case nil: ("soft", "not known")
      }
    return """
      \n<p class="small \(style)-text">goal \(goal.isCeiling ? "at most" : "at least") \(target): \(met)</p>
      """
  }

  private var definitions: HTML {
    let list = MetricFigure.all.map { figure -> HTML in
      let words = figure.definition.replacing("\n", with: " ")
      return "<dt>\(figure.title)</dt><dd>\(words)</dd>"
    }
    return Self.section("definitions", "What the figures mean", "<dl>\n\(list.joined())\n</dl>")
  }

  private static let style = """
    .cards { display: grid; gap: .75rem; margin: 1rem 0;
      grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)) }
    .card { border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem }
    .card h3 { margin: 0; font-size: .875rem; font-weight: 500; color: var(--soft) }
    .card h3::first-letter, dt::first-letter { text-transform: uppercase }
    .value { margin: .125rem 0 0; font-size: 1.25rem; font-weight: 600; line-height: 1.3;
      overflow-wrap: normal }
    section > h3 { margin: 1.5rem 0 .25rem; font-size: 1.05rem }
    .good-text { color: var(--good) } .bad-text { color: var(--bad) }
    .warn-text { color: var(--warn) } .soft-text { color: var(--soft) }
    .nowrap { white-space: nowrap }
    dl { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: .25rem 1.5rem;
      font-size: .875rem }
    dt { font-weight: 600 } dd { margin: 0; color: var(--soft) }
    @media (max-width: 40rem) {
      .cards { grid-template-columns: 1fr 1fr } .card { padding: .5rem .75rem }
      .value { font-size: 1.15rem }
      dl { display: block } dd { margin: 0 0 .5rem }
    }
    """
}
