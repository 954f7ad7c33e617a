extension ListenerMetrics.Counts {
  /// In the text format of Prometheus
  /// (https://prometheus.io/docs/instrumenting/exposition_formats/).
  var prometheusText: String {
    let rejections = DeliveryRejection.allCases.map { reason in
      (#"{reason="\#(reason.rawValue)"}"#, rejected[reason] ?? 0)
    }
    return [
      metric("received_total", "counter", "Deliveries that came in", received),
      metric("verified_total", "counter", "Deliveries that one of the secrets signed", verified),
      metric(
        "rejected_total", "counter", "Deliveries that were not taken, by reason", rejections),
      metric("duplicates_total", "counter", "Deliveries of an event that was known", duplicates),
      metric(
        "conflicts_total", "counter", "Deliveries with the id of another event; kept aside",
        conflicts),
      metric(
        "other_mode_total", "counter", "Deliveries of the other mode, live or test; not kept",
        otherMode),
      metric("processed_total", "counter", "Events that were applied", processed),
      metric("ignored_total", "counter", "Events that have no effect here", ignored),
      metric("failed_total", "counter", "Attempts at an event that failed", failed),
      metric("queue_depth", "gauge", "Events that wait to be applied", waiting),
      answers.prometheusText(name: "answer_seconds", help: "Time to the answer of a delivery"),
    ].joined()
  }

  private func metric(_ name: String, _ type: String, _ help: String, _ value: Int) -> String {
    metric(name, type, help, [("", value)])
  }

  private func metric(
    _ name: String, _ type: String, _ help: String, _ values: [(labels: String, value: Int)]
  ) -> String {
    prometheusHead(name, type, help)
      + values.map { "billing_webhook_\(name)\($0.labels) \($0.value)\n" }.joined()
  }
}

private func prometheusHead(_ name: String, _ type: String, _ help: String) -> String {
  """
  # HELP billing_webhook_\(name) \(help)
  # TYPE billing_webhook_\(name) \(type)

  """
}

extension DurationHistogram {
  func prometheusText(name: String, help: String) -> String {
    var text = prometheusHead(name, "histogram", help)
    var soFar = 0
    for (bound, count) in zip(Self.bounds.map { Self.seconds($0) } + ["+Inf"], counts) {
      soFar += count
      text += "billing_webhook_\(name)_bucket{le=\"\(bound)\"} \(soFar)\n"
    }
    text += "billing_webhook_\(name)_sum \(Self.seconds(sumMicroseconds))\n"
    return text + "billing_webhook_\(name)_count \(total)\n"
  }

  /// `0.0025`, `1`: without zeros at the end.
  private static func seconds(_ microseconds: Int64) -> String {
    let digits = String(microseconds % 1_000_000 + 1_000_000).dropFirst()
    let end = digits.lastIndex { $0 != "0" }
    return end.map { "\(microseconds / 1_000_000).\(digits[...$0])" }
      ?? "\(microseconds / 1_000_000)"
  }
}
