import Basics
import BillingCore

/// A pricing page in one file: no script, nothing from elsewhere.
struct PricingPage {
  private let catalogue: Catalogue
  private let intervals: [BillingInterval]
  /// Plans that can be bought, the default plan, and those on request.
  private let plans: [Plan]

  init(_ catalogue: Catalogue) {
    self.catalogue = catalogue
    plans = catalogue.plans.filter { $0.isAvailable }
    intervals = Set(plans.flatMap { $0.prices.map { $0.interval } }).sorted()
  }

  var html: String {
    let title = catalogue.business.name.map { "\($0): plans" } ?? "Plans"
    return HTMLPage(
      title: title, style: Self.style + intervalStyle,
      body: """
        <h1>\(title)</h1>
        \([intervalSwitch, content].joined())
        """
    ).text
  }

  private var content: HTML {
    let plans: HTML = """
      <section class="plans" aria-label="Plans">
      \(plans.map(card).joined())
      </section>
      """
    return "<main>\n\([plans, comparison, packages].joined())\n</main>"
  }

  // MARK: Intervals

  /// Radio buttons before everything that they show and hide, so that CSS alone can do it.
  private var intervalSwitch: HTML {
    guard intervals.count > 1 else { return .none }
    let inputs = intervals.enumerated().map { index, interval -> HTML in
      let checked: HTML = index == 0 ? " checked" : .none
      return """
        <input type="radio" name="interval" id="by-\(interval.name)"\(checked)>\
        <label for="by-\(interval.name)">By the \(interval.words)</label>
        """
    }
    return inputs.joined(.none)
  }

  /// On paper nothing can be switched: there all prices stand.
  private var intervalStyle: String {
    guard intervals.count > 1 else { return "" }
    let rules = intervals.map {
      "  #by-\($0):not(:checked) ~ main .for-\($0) { display: none }"
    }
    return (["\n@media screen {"] + rules + ["}"]).joined(separator: "\n")
  }

  // MARK: Plans

  private func card(_ plan: Plan) -> HTML {
    var lines: [HTML] = ["<h2>\(plan.name)</h2>"]
    if let description = plan.description { lines.append("<p class=\"soft\">\(description)</p>") }
    if plan.prices.isEmpty {
      let words = plan.id == catalogue.defaultPlanID ? "Free" : "On request"
      lines.append("<p class=\"price\"><strong>\(words)</strong></p>")
    }
    lines += intervals.compactMap { price(of: plan, by: $0) }
    if plan.trialDays > 0 { lines.append("<p>\(plan.trialDays) days free to try</p>") }
    lines += plan.overages.map { overage in
      let currency = overage.prices.first?.currency ?? catalogue.currency
      let words = PlanWords.overage(overage, currency: currency, in: catalogue)
      return "<p class=\"small soft\">\(words)</p>"
    }
    return "<article>\n\(lines.joined())\n</article>"
  }

  /// What a plan costs by an interval; else what it costs by another one.
  private func price(of plan: Plan, by interval: BillingInterval) -> HTML? {
    guard let price = plan.price(interval) ?? plan.prices.first else { return nil }
    let amount = MoneyText.of(price.unitAmount, price.currency)
    let line: HTML = """
      <p class="price for-\(interval.name)"><strong>\(amount)</strong> \(price.interval.rateWords)</p>
      """
    guard let saving = saving(by: price, of: plan) else { return line }
    let words = MoneyText.of(saving, price.currency)
    return
      "\(line)\n<p class=\"small good for-\(interval.name)\">saves \(words) \(price.interval.rateWords)</p>"
  }

  /// How much less a longer interval comes to than its months by the month.
  private func saving(by price: PlanPrice, of plan: Plan) -> Int64? {
    guard let months = price.interval.months, months > 1,
      let monthly = plan.prices.first(where: { $0.interval.months == 1 }),
      monthly.currency == price.currency
    else { return nil }
    let (whole, isTooMuch) = monthly.unitAmount.multipliedReportingOverflow(by: months)
    return !isTooMuch && whole > price.unitAmount ? whole - price.unitAmount : nil
  }

  // MARK: What they have

  private var comparison: HTML {
    let limits = catalogue.limitIDs.map { id in
      row(catalogue.displayName(id)) { $0.limit(id).map(PlanWords.limit) }
    }
    let features = catalogue.featureIDs.map { id in
      row(catalogue.displayName(id)) { $0.feature(id).map(PlanWords.feature) }
    }
    var api: [[HTML]] = []
    if plans.contains(where: { $0.api != nil }) {
      api.append(
        row("API requests a minute") {
          $0.api.map { PlanWords.number(orUnlimited: $0.rateLimitPerMinute) }
        })
      api.append(
        row("API requests a month") {
          $0.api.map { PlanWords.number(orUnlimited: $0.monthlyQuota) }
        })
    }
    let rows = limits + features + api
    guard !rows.isEmpty else { return .none }
    let table = HTMLTable(
      caption: "What each plan has", columns: [.init("")] + plans.map { .init($0.name) },
      rows: rows, narrow: .scrolls)
    return """
      <section>
      <h2>What each plan has</h2>
      \(table.html)
      </section>
      """
  }

  private func row(_ name: String, _ value: (Plan) -> String?) -> [HTML] {
    [HTML(text: name)] + plans.map { HTML(text: value($0) ?? "–") }
  }

  private var packages: HTML {
    guard !catalogue.packages.isEmpty else { return .none }
    let cards = catalogue.packages.map { package -> HTML in
      let description: HTML =
        package.description.map { "\n<p class=\"soft\">\($0)</p>" } ?? .none
      return """
        <article>
        <h3>\(package.name)</h3>
        <p class="price"><strong>\(MoneyText.of(package.unitAmount, package.currency))</strong></p>
        <p>\(PlanWords.number(package.tokens)) tokens</p>\(description)
        </article>
        """
    }
    return """
      <section>
      <h2>Token packages</h2>
      <div class="plans">
      \(cards.joined())
      </div>
      </section>
      """
  }

  private static let style = """
    .plans { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr));
      margin: 1.5rem 0 }
    article { border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem 1.5rem }
    article h2, article h3 { margin: 0 0 .5rem; font-size: 1.15rem }
    .price { margin: .5rem 0; color: var(--soft) }
    .price strong { font-size: 1.75rem; line-height: 1.2; color: var(--mark) }
    .small.good { color: var(--good) }
    input { accent-color: var(--mark) }
    label { padding: .25rem 1.25rem .25rem .4rem }
    .wide th:not(:first-child) { min-width: 7.5rem }
    @media print { input, label { display: none } }
    """
}

extension BillingInterval {
  /// Nil for days and weeks.
  fileprivate var months: Int64? {
    switch unit {
    case .day, .week: nil
    case .month: Int64(count)
    case .year: Int64(count) * 12
    }
  }
}
