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
    let title = Self.escaped(catalogue.business.name.map { "\($0): plans" } ?? "Plans")
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(title)</title>
      <style>
      \(Self.style)
      \(intervalStyle)
      </style>
      </head>
      <body>
      <h1>\(title)</h1>
      \(intervalSwitch)
      <main>
      <section class="plans" aria-label="Plans">
      \(plans.map(card).joined(separator: "\n"))
      </section>
      \(comparison)
      \(packages)
      </main>
      </body>
      </html>

      """
  }

  // MARK: Intervals

  /// Radio buttons before everything that they show and hide, so that CSS alone can do it.
  private var intervalSwitch: String {
    guard intervals.count > 1 else { return "" }
    let inputs = intervals.enumerated().map { index, interval in
      let checked = index == 0 ? " checked" : ""
      return """
        <input type="radio" name="interval" id="by-\(interval)"\(checked)>\
        <label for="by-\(interval)">By the \(interval.words)</label>
        """
    }
    return inputs.joined(separator: "\n")
  }

  private var intervalStyle: String {
    guard intervals.count > 1 else { return "" }
    return intervals.map {
      "#by-\($0):not(:checked) ~ main .for-\($0) { display: none }"
    }.joined(separator: "\n")
  }

  // MARK: Parts

  private func card(_ plan: Plan) -> String {
    var lines = ["<article>", "<h2>\(Self.escaped(plan.name))</h2>"]
    if let description = plan.description { lines.append("<p>\(Self.escaped(description))</p>") }
    lines += intervals.map { interval in
      let price = plan.price(interval).map { PlanWords.price($0) }
      return "<p class=\"price for-\(interval)\">\(Self.escaped(price ?? otherPrice(plan)))</p>"
    }
    if intervals.isEmpty { lines.append("<p class=\"price\">\(otherPrice(plan))</p>") }
    if plan.trialDays > 0 { lines.append("<p>\(plan.trialDays) days free to try</p>") }
    lines += plan.overages.map { overage in
      let currency = overage.prices.first?.currency ?? catalogue.currency
      let words = PlanWords.overage(overage, currency: currency, in: catalogue)
      return "<p class=\"small\">\(Self.escaped(words))</p>"
    }
    return (lines + ["</article>"]).joined(separator: "\n")
  }

  private func otherPrice(_ plan: Plan) -> String {
    if let first = plan.prices.first { return PlanWords.price(first) }
    return plan.id == catalogue.defaultPlanID ? "Free" : "On request"
  }

  private var comparison: String {
    let limits = catalogue.limitIDs.map { id in
      row(catalogue.displayName(id), plans.map { $0.limit(id).map(PlanWords.limit) })
    }
    let features = catalogue.featureIDs.map { id in
      row(catalogue.displayName(id), plans.map { $0.feature(id).map(PlanWords.feature) })
    }
    var api: [String] = []
    if plans.contains(where: { $0.api != nil }) {
      api.append(
        row(
          "API requests a minute",
          plans.map { $0.api.map { PlanWords.number(orUnlimited: $0.rateLimitPerMinute) } }))
      api.append(
        row(
          "API requests a month",
          plans.map { $0.api.map { PlanWords.number(orUnlimited: $0.monthlyQuota) } }))
    }
    let rows = limits + features + api
    guard !rows.isEmpty else { return "" }
    let names = plans.map { "<th scope=\"col\">\(Self.escaped($0.name))</th>" }.joined()
    return """
      <section>
      <h2>What each plan has</h2>
      <div class="wide"><table>
      <thead><tr><td></td>\(names)</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      </section>
      """
  }

  private func row(_ name: String, _ values: [String?]) -> String {
    let cells = values.map { "<td>\(Self.escaped($0 ?? "–"))</td>" }.joined()
    return "<tr><th scope=\"row\">\(Self.escaped(name))</th>\(cells)</tr>"
  }

  private var packages: String {
    guard !catalogue.packages.isEmpty else { return "" }
    let cards = catalogue.packages.map { package in
      let description = package.description.map { "\n<p>\(Self.escaped($0))</p>" } ?? ""
      return """
        <article>
        <h3>\(Self.escaped(package.name))</h3>
        <p class="price">\(Self.escaped(MoneyText.of(package.unitAmount, package.currency)))</p>
        <p>\(PlanWords.number(package.tokens)) tokens</p>\(description)
        </article>
        """
    }
    return """
      <section>
      <h2>Token packages</h2>
      <div class="plans">
      \(cards.joined(separator: "\n"))
      </div>
      </section>
      """
  }

  /// A text that cannot leave its element or its attribute.
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
  }

  private static let style = """
    :root { --ink: #1b1f24; --paper: #fff; --line: #d0d7de; --soft: #57606a; --mark: #0550ae }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e6edf3; --paper: #0d1117; --line: #30363d; --soft: #9198a1; --mark: #79c0ff }
    }
    * { box-sizing: border-box }
    body { margin: 0 auto; max-width: 75rem; padding: 2rem 1rem; background: var(--paper);
      color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
    h1, h2, h3 { line-height: 1.2; overflow-wrap: anywhere }
    .plans { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr));
      margin: 1.5rem 0 }
    article { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem 1.25rem }
    article h2, article h3 { margin: 0 0 .5rem; font-size: 1.15rem }
    article p { margin: .25rem 0 }
    .price { font-size: 1.35rem; font-weight: 600; color: var(--mark) }
    .small { font-size: .875rem; color: var(--soft) }
    label { padding: .25rem 1rem .25rem .25rem }
    .wide { overflow-x: auto }
    table { border-collapse: collapse; width: 100% }
    th, td { border-bottom: 1px solid var(--line); padding: .5rem .75rem; text-align: left;
      vertical-align: top }
    @media print { input, label { display: none } }
    """
}
