import Basics
import BillingCore

/// Who and what: plans, other currencies, bills that are owed, limits that are nearly used up.
extension ReportPage {
  // MARK: Plans

  var plans: HTML {
    let (plans, amounts) = (facts.metrics.plans, facts.metrics.planMRR)
    guard !plans.isEmpty else {
      return Self.section("plans", "Plans", "<p>Nobody has a subscription.</p>")
    }
    let sum = facts.metrics.mrr
    let rows = zip(plans, amounts).map { plan, mrr -> [HTML] in
      let ratio = Ratio(part: mrr, whole: sum)
      let share = ShareBar.html(
        mrr, of: sum, style: "one", title: "\(Self.percent(ratio)) of the revenue")
      return [
        HTML(text: name(ofPlan: plan.planID)), HTML(text: money(mrr)),
        HTML(text: Self.percent(ratio)), share, HTML(text: PlanWords.number(plan.active)),
        HTML(text: PlanWords.number(plan.trialing)), HTML(text: PlanWords.number(plan.pastDue)),
      ]
    }
    let table = HTMLTable(
      caption: "What each plan brings in a month",
      columns: [
        .init("Plan"), .number("MRR"), .number("Share"), .init(""), .number("Active"),
        .number("Trialing"), .number("Past due"),
      ], rows: rows)
    return Self.section("plans", "Plans", table.html)
  }

  private func name(ofPlan id: String?) -> String {
    guard let id else { return "of no plan known" }
    return facts.planNames[id] ?? id
  }

  // MARK: Currencies

  var currencies: HTML {
    guard !facts.others.isEmpty else { return .none }
    let rows = facts.others.map { metrics -> [HTML] in
      [
        HTML(text: metrics.currency.uppercased()),
        HTML(text: Self.money(metrics.mrr, metrics.currency)),
        HTML(text: Self.money(metrics.arr, metrics.currency)),
        HTML(text: PlanWords.number(metrics.active)),
        HTML(text: PlanWords.number(metrics.pastDue)),
      ]
    }
    let table = HTMLTable(
      caption: "Subscriptions in other currencies",
      columns: [
        .init("Currency"), .number("MRR"), .number("ARR"), .number("Active"), .number("Past due"),
      ], rows: rows)
    return Self.section(
      "currencies", "Other currencies",
      """
      <p class="soft">Not in the figures above: amounts are not converted.</p>
      \(table.html)
      """)
  }

  // MARK: Dunning

  var dunning: HTML {
    let (tried, givenUp) = (facts.dunning.tried, facts.dunning.givenUp)
    guard tried.count + givenUp.count > 0 else {
      return Self.section("dunning", "Payments that failed", "<p>No bill waits for a payment.</p>")
    }
    return Self.section(
      "dunning", "Payments that failed",
      [
        bills(tried, "Bills that are tried again", "Each may still be paid by itself."),
        bills(
          givenUp, "Bills that are not tried any more",
          "Somebody has to see to each: ask the customer, try once more, or void it."),
      ].joined())
  }

  private func bills(_ part: DunningList.Part, _ title: String, _ note: String) -> HTML {
    guard part.count > 0 else { return .none }
    let sums = part.sums.sorted { $0.key < $1.key }.map { Self.money($0.value, $0.key) }
    let isShort = part.count > part.cases.count
    let hasNext = part.cases.contains { $0.nextAttempt != nil }
    let columns: [HTMLTable.Column] = [
      .init("Customer"), .number("Owed"), .init("Since"), .number("Attempts"),
      .init("Last refusal"),
    ]
    let table = HTMLTable(
      caption: title, columns: hasNext ? columns + [.init("Next attempt")] : columns,
      rows: part.cases.map(row))
    return """
      <h3>\(title): \(PlanWords.number(part.count)), \(sums.joined(separator: ", "))</h3>
      <p class="soft">\(note)\(isShort ? " The first \(part.cases.count) are shown." : "")</p>
      \(table.html)
      """
  }

  private func row(_ found: DunningCase) -> [HTML] {
    let decline = found.decline.map { decline -> HTML in
      "\(decline.code)<br><span class=\"small soft\">\(decline.meaning)</span>"
    }
    return [
      Self.customer(found.name, found.email, id: found.customerID),
      HTML(text: Self.money(found.amountRemaining, found.currency)),
      "<span class=\"nowrap\">\(found.created.iso8601Date)</span>", "\(found.attempts)",
      "<span>\(decline ?? "–")</span>",
      "<span class=\"nowrap\">\(Self.time(found.nextAttempt))</span>",
    ]
  }

  /// The name by which a person knows a customer, and the address by which a command finds it.
  static func customer(_ name: String?, _ email: String?, id: String?) -> HTML {
    let words = [name, email, id].compactMap { $0 }.filter { !$0.isEmpty }
    guard let first = words.first else { return "–" }
    let second = email.flatMap { $0 == first || $0.isEmpty ? nil : $0 } ?? ""
    let detail: HTML =
      second.isEmpty ? .none : "<br><bdi class=\"small soft\">\(second)</bdi>"
    return "<span><bdi>\(first)</bdi>\(detail)</span>"
  }

  // MARK: Usage

  var usage: HTML {
    guard let alerts = facts.alerts else {
      return Self.section(
        "usage", "Usage near limits", "<p>Without a catalogue nothing is known of limits.</p>")
    }
    guard !alerts.isEmpty else {
      return Self.section("usage", "Usage near limits", "<p>Nobody is near a limit.</p>")
    }
    let shown = alerts.prefix(ReportFacts.mostRows)
    let table = HTMLTable(
      caption: "Who has used much of a limit, or of what the plan includes",
      columns: [
        .init("Customer"), .init("What"), .number("Used"), .number("Of"), .number("Percent"),
        .init(""), .number("Beyond"),
      ], rows: shown.map(row))
    let note: HTML =
      shown.count < alerts.count
      ? "<p class=\"soft\">The first \(shown.count) of \(alerts.count).</p>\n" : .none
    return Self.section("usage", "Usage near limits", "\(note)\(table.html)")
  }

  private func row(_ found: ReportFacts.Alert) -> [HTML] {
    let alert = found.alert
    let beyond = alert.overage > 0 ? Self.money(alert.overageAmount, alert.currency) : "–"
    return [
      Self.customer(found.customer.name, found.customer.email, id: alert.customerID),
      HTML(text: alert.meter.name), HTML(text: PlanWords.number(alert.used)),
      HTML(text: PlanWords.number(alert.limit)), "\(alert.percent)%",
      ShareBar.html(
        alert.used, of: alert.limit, style: alert.isCritical ? "bad" : "warn",
        title: "\(alert.percent)% used"),
      HTML(text: beyond),
    ]
  }
}
