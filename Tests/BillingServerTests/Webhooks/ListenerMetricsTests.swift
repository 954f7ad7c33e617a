import BillingCore
import Testing

@testable import BillingServer

@Suite(.tags(.unit)) struct ListenerMetricsTests {
  @Test func countsWhatBecameOfThem() {
    let metrics = ListenerMetrics()
    metrics.kept([
      .kept, .kept, .kept, .again, .settled(.duplicate), .settled(.conflict(in: "type")),
      .settled(.otherMode),
    ])
    #expect(metrics.counts.waiting == 3)
    metrics.ran([.processed([]), .failed(reason: "x")], pending: 1, isAll: false)
    #expect(metrics.counts.waiting == 2)
    metrics.ran([.ignored], pending: 1, isAll: true)
    let counts = metrics.counts
    #expect(counts.waiting == 0)
    #expect((counts.duplicates, counts.conflicts, counts.otherMode) == (2, 1, 1))
    #expect((counts.processed, counts.ignored, counts.failed) == (1, 1, 1))
  }

  @Test func theText() {
    var counts = ListenerMetrics.Counts()
    counts.received = 5
    counts.verified = 3
    counts.rejected = [.tooOld: 2]
    counts.waiting = 1
    for microseconds: Int64 in [1000, 1001, 2_000_000, 60_500_000] {
      counts.answers.add(microseconds: microseconds)
    }
    #expect(counts.prometheusText == Self.text)
  }

  private static let text = """
    # HELP billing_webhook_received_total Deliveries that came in
    # TYPE billing_webhook_received_total counter
    billing_webhook_received_total 5
    # HELP billing_webhook_verified_total Deliveries that one of the secrets signed
    # TYPE billing_webhook_verified_total counter
    billing_webhook_verified_total 3
    # HELP billing_webhook_rejected_total Deliveries that were not taken, by reason
    # TYPE billing_webhook_rejected_total counter
    billing_webhook_rejected_total{reason="no_signature"} 0
    billing_webhook_rejected_total{reason="malformed_signature"} 0
    billing_webhook_rejected_total{reason="wrong_signature"} 0
    billing_webhook_rejected_total{reason="too_old"} 2
    billing_webhook_rejected_total{reason="too_new"} 0
    billing_webhook_rejected_total{reason="not_an_event"} 0
    billing_webhook_rejected_total{reason="too_large"} 0
    billing_webhook_rejected_total{reason="not_kept"} 0
    # HELP billing_webhook_duplicates_total Deliveries of an event that was known
    # TYPE billing_webhook_duplicates_total counter
    billing_webhook_duplicates_total 0
    # HELP billing_webhook_conflicts_total Deliveries with the id of another event; kept aside
    # TYPE billing_webhook_conflicts_total counter
    billing_webhook_conflicts_total 0
    # HELP billing_webhook_other_mode_total Deliveries of the other mode, live or test; not kept
    # TYPE billing_webhook_other_mode_total counter
    billing_webhook_other_mode_total 0
    # HELP billing_webhook_processed_total Events that were applied
    # TYPE billing_webhook_processed_total counter
    billing_webhook_processed_total 0
    # HELP billing_webhook_ignored_total Events that have no effect here
    # TYPE billing_webhook_ignored_total counter
    billing_webhook_ignored_total 0
    # HELP billing_webhook_failed_total Attempts at an event that failed
    # TYPE billing_webhook_failed_total counter
    billing_webhook_failed_total 0
    # HELP billing_webhook_queue_depth Events that wait to be applied
    # TYPE billing_webhook_queue_depth gauge
    billing_webhook_queue_depth 1
    # HELP billing_webhook_answer_seconds Time to the answer of a delivery
    # TYPE billing_webhook_answer_seconds histogram
    billing_webhook_answer_seconds_bucket{le="0.001"} 1
    billing_webhook_answer_seconds_bucket{le="0.0025"} 2
    billing_webhook_answer_seconds_bucket{le="0.005"} 2
    billing_webhook_answer_seconds_bucket{le="0.01"} 2
    billing_webhook_answer_seconds_bucket{le="0.025"} 2
    billing_webhook_answer_seconds_bucket{le="0.05"} 2
    billing_webhook_answer_seconds_bucket{le="0.1"} 2
    billing_webhook_answer_seconds_bucket{le="0.25"} 2
    billing_webhook_answer_seconds_bucket{le="0.5"} 2
    billing_webhook_answer_seconds_bucket{le="1"} 2
    billing_webhook_answer_seconds_bucket{le="2.5"} 3
    billing_webhook_answer_seconds_bucket{le="5"} 3
    billing_webhook_answer_seconds_bucket{le="10"} 3
    billing_webhook_answer_seconds_bucket{le="+Inf"} 4
    billing_webhook_answer_seconds_sum 62.502001
    billing_webhook_answer_seconds_count 4

    """
}
