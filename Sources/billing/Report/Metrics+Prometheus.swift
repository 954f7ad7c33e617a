import BillingCore

extension BillingCore.Metrics {
  /// Gauges in the text format of Prometheus
  /// (https://prometheus.io/docs/instrumenting/exposition_formats/); amounts in minor units. What
  /// cannot be told, as a rate of nothing, is left out.
  var prometheusText: String {
    let label = "currency=\"\(currency)\""
    let figures = MetricFigure.all.map { figure -> String in
      let value = Cell(figure.json(self)).text
      return gauge(figure.key, figure.definition, value == "-" ? [] : [("{\(label)}", value)])
    }
    let labels = plans.map { "{\(label),plan=\"\(Self.escaped($0.planID ?? ""))\"}" }
    let byPlan: [(String, String, [Int64])] = [
      ("plan_mrr", "What a plan brings in a month", planMRR),
      ("plan_active_subscriptions", "Active subscriptions of a plan", plans.map { $0.active }),
      ("plan_trialing", "Subscriptions of a plan in a trial", plans.map { $0.trialing }),
      ("plan_past_due", "Subscriptions of a plan that are past due", plans.map { $0.pastDue }),
    ]
    let ofPlans = byPlan.map { key, help, values in
      gauge(key, help, zip(labels, values).map { ($0, String($1)) })
    }
    return (figures + ofPlans).joined()
  }

  private func gauge(
    _ key: String, _ help: String, _ values: [(labels: String, value: String)]
  ) -> String {
    guard !values.isEmpty else { return "" }
    let line = help.replacing("\n", with: " ")
    return "# HELP billing_\(key) \(line)\n# TYPE billing_\(key) gauge\n"
      + values.map { "billing_\(key)\($0.labels) \($0.value)\n" }.joined()
  }

  private static func escaped(_ label: String) -> String {
    label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
  }
}
