/// What can go wrong with Stripe, or on the way to it.
package enum FaultKind: String, CaseIterable {
  // Requests that are refused before anything is done.
  case rateLimit = "rate_limit"
  case lockTimeout = "lock_timeout"
  case apiError = "api_error"
  case idempotencyConflict = "idempotency_conflict"
  /// A proxy answers in Stripe's place; the request never reached Stripe.
  case html
  case dropBefore = "drop_before"
  // Requests that are carried out.
  case apiErrorAfter = "api_error_after"
  case dropAfter = "drop_after"
  /// What is asked is done, and no answer comes for so long that the caller gives up.
  case timeout
  case slow
  case truncated
  // Deliveries to webhook endpoints. The events themselves are as they were: whoever lists them, or
  // is handed them by the embedding program, gets each of them once and in order.
  /// The same event, with the same id, comes twice. That Stripe may make two events with ids of
  /// their own for one change is not played.
  case duplicateEvent = "duplicate_event"
  /// The event comes after the one that follows it.
  case reorderEvents = "reorder_events"
  /// The event never comes; it counts as not delivered and can be sent by a retry.
  case dropEvent = "drop_event"

  /// Whether it strikes what is sent to webhook endpoints rather than requests.
  var isOfEvents: Bool {
    switch self {
    case .duplicateEvent, .reorderEvents, .dropEvent: true
    default: false
    }
  }

  /// How long an answer is kept back unless the fault says; nil where nothing is kept back.
  var usualDelaySeconds: Int64? {
    switch self {
    case .slow: 5
    case .timeout: 120
    default: nil
    }
  }
}
