package import Basics

/// Changes of a subscription that are planned ahead
/// (https://docs.stripe.com/api/subscription_schedules/object): phases, one after the other.
package struct SubscriptionSchedule: Sendable, Hashable {
  package struct Item: Sendable, Hashable {
    package let priceID: String
    /// Where the price was put in.
    package let price: Price?
    /// Nil for a metered price.
    package let quantity: Int64?
  }

  package struct Phase: Sendable, Hashable {
    package let start: Timestamp
    package let end: Timestamp
    package let items: [Item]
    /// What the subscription's metadata get when the phase begins.
    package let metadata: [String: String]
    /// The parameters that set the phase as it is, since Stripe takes phases only whole.
    package let parameters: JSONObject
  }

  package let id: String
  /// `not_started`, `active`, `completed`, `released` or `canceled`.
  package let status: String
  /// When the phase that runs is over; nil where none runs.
  package let currentPhaseEnd: Timestamp?
  package let phases: [Phase]

  /// The phase that comes after the one that runs.
  package var upcomingPhase: Phase? {
    guard status == "active", let currentPhaseEnd else { return nil }
    return phases.first { $0.start >= currentPhaseEnd }
  }

  /// The phase that runs and those to come; none of a schedule that is over.
  package var openPhases: [Phase] {
    guard status == "active", let currentPhaseEnd else { return [] }
    return phases.filter { $0.end >= currentPhaseEnd }
  }

  /// The subscription that a schedule steers, or that it was released from.
  package static func subscriptionID(in schedule: JSON) -> String? {
    schedule["subscription"]?.string ?? schedule["released_subscription"]?.string
  }

  package init(_ json: JSON) throws(MalformedObject) {
    try self.init(ObjectReader(json, kind: "subscription_schedule"))
  }

  init(_ fields: ObjectReader) throws(MalformedObject) {
    try fields.requireObject()
    id = try fields.identifier()
    status = try fields.identifier("status")
    currentPhaseEnd = try fields.optionalObject("current_phase")?.optionalTime("end_date")
    var phases: [Phase] = []
    for element in try fields.elements("phases") { phases.append(try Self.phase(element)) }
    self.phases = phases
  }

  private static func phase(_ fields: ObjectReader) throws(MalformedObject) -> Phase {
    try fields.requireObject()
    var items: [Item] = []
    for element in try fields.elements("items") { items.append(try item(element)) }
    return Phase(
      start: try fields.time("start_date"), end: try fields.time("end_date"), items: items,
      metadata: try fields.metadata(), parameters: PhaseParameters.of(fields.json))
  }

  private static func item(_ fields: ObjectReader) throws(MalformedObject) -> Item {
    try fields.requireObject()
    // Versions before 2020-08-27 have only the plan.
    let plan = try fields.optionalReference("plan")
    let price = try fields.optionalReference("price") ?? plan
    var expanded: Price?
    if let object = fields.expanded("price") { expanded = try Price(object) }
    return Item(
      priceID: try fields.required("price", "an id or an object with one", price),
      price: expanded, quantity: try fields.optionalInteger("quantity"))
  }
}
