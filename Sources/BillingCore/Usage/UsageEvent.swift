package import Basics

/// That a customer used something: how much of which meter, and when.
package struct UsageEvent: Sendable, Hashable {
  /// By which it is known: the same id is the same event.
  package var id: String
  package var customerID: String
  package var meterID: String
  /// Not negative.
  package var quantity: Int64
  package var at: Timestamp
  /// How many of the units were paid for with tokens, so that the plan is not charged with them.
  package var covered: Int64 = 0
  package var request = Request()

  /// The request to an API that it was, as far as that is told.
  package struct Request: Sendable, Hashable {
    package var keyID: String?
    package var endpoint: String?
    package var method: String?
    package var statusCode: Int64?
    package var responseTimeMilliseconds: Int64?

    package init(
      keyID: String? = nil, endpoint: String? = nil, method: String? = nil,
      statusCode: Int64? = nil, responseTimeMilliseconds: Int64? = nil
    ) {
      self.keyID = keyID
      self.endpoint = endpoint
      self.method = method
      self.statusCode = statusCode
      self.responseTimeMilliseconds = responseTimeMilliseconds
    }
  }

  package init(
    id: String, customerID: String, meterID: String, quantity: Int64, at: Timestamp,
    covered: Int64 = 0, request: Request = Request()
  ) {
    self.id = id
    self.customerID = customerID
    self.meterID = meterID
    self.quantity = quantity
    self.at = at
    self.covered = covered
    self.request = request
  }

  /// What the plan is charged with.
  package var charged: Int64 { quantity - covered }

  /// Whether it is in the totals: what tokens paid for whole is nothing to a plan.
  var isCounted: Bool { charged > 0 || quantity == 0 }
}

extension UsageEvent {
  /// The longest id of an event, and the longest name of what it used.
  package static let maximumIDLength = 255

  /// How long ago, and how far ahead, an event may have been to be told to Stripe.
  package static let daysBack: Int64 = 35
  package static let secondsAhead: Int64 = 300

  /// Whether Stripe would take an event of this moment.
  package static func isInWindow(_ moment: Timestamp, at now: Timestamp) -> Bool {
    moment >= now - daysBack * 86_400 && moment <= now + secondsAhead
  }

  /// In which fields another event of the same id says something else.
  ///
  /// - Parameter comparesTime: false where no time was given, so that the first one's counts.
  package func differences(from other: UsageEvent, comparesTime: Bool) -> [String] {
    var fields: [String] = []
    if customerID != other.customerID { fields.append("customer") }
    if meterID != other.meterID { fields.append("meter") }
    if quantity != other.quantity { fields.append("quantity") }
    if comparesTime, at != other.at { fields.append("timestamp") }
    if request.keyID != other.request.keyID { fields.append("key_id") }
    if request.endpoint != other.request.endpoint { fields.append("endpoint") }
    if request.method != other.request.method { fields.append("method") }
    if request.statusCode != other.request.statusCode { fields.append("status_code") }
    if request.responseTimeMilliseconds != other.request.responseTimeMilliseconds {
      fields.append("response_time_ms")
    }
    return fields
  }
}

/// What became of an event that was to be written down.
package enum UsageOutcome: Sendable, Hashable {
  case recorded
  /// It stands there already, as it is here.
  case duplicate(UsageEvent)
  /// An event of the id stands there and says something else in these fields.
  case conflict(UsageEvent, fields: [String])
  /// With it the customer's use of the meter would be more than can be counted.
  case overflow
}

extension UsageOutcome {
  /// The event as it stands there now. Throws `UsageConflict` and `UsageOverflow`.
  package func recorded(_ event: UsageEvent) throws -> UsageEvent {
    switch self {
    case .recorded: event
    case .duplicate(let stored): stored
    case .conflict(let stored, let fields): throw UsageConflict(stored: stored, fields: fields)
    case .overflow: throw UsageOverflow(customerID: event.customerID, meterID: event.meterID)
    }
  }
}

/// An event of the same id stands there and says something else.
package struct UsageConflict: Error, Sendable, Hashable {
  package let stored: UsageEvent
  package let fields: [String]

  package init(stored: UsageEvent, fields: [String]) {
    (self.stored, self.fields) = (stored, fields)
  }
}

/// More than can be counted.
package struct UsageOverflow: Error, Sendable, Hashable {
  package let customerID: String
  package let meterID: String
}
