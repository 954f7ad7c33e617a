import Basics
import BillingCore

/// Which events of the inbox a command is about, as its options say.
struct EventSelection: Sendable, Hashable {
  var type: EventTypePattern?
  var customer: CustomerReference?
  var since: TimeArgument?
  var until: TimeArgument?

  static let parameters: [Parameter] = [
    .option("--type", "GLOB", "Of this type: invoice.paid, customer.subscription.*"),
    .option("--customer", "C", "Of this customer"),
    .option("--since", "T", "What happened then or later: 2027-01-01, 3d"),
    .option("--until", "T", "What happened before"),
  ]

  init(parsing arguments: Arguments) throws(UsageError) {
    if let text = try arguments.option("--type") {
      guard let pattern = EventTypePattern(text) else {
        throw arguments.error(
          "--type must be a type of events (invoice.paid, invoice.*), "
            + "not \(Arguments.quoted(text))")
      }
      type = pattern
    }
    if let text = try arguments.option("--customer") {
      guard let reference = CustomerReference(text) else {
        throw arguments.error("--customer must be an id, an e-mail address or an id of yours")
      }
      customer = reference
    }
    since = try arguments.time("--since")
    until = try arguments.time("--until")
  }

  func filter(_ context: Context) async throws -> EventFilter {
    var filter = EventFilter()
    filter.type = type
    if let customer { filter.customerID = try await context.customerID(ofEvents: customer) }
    if since != nil || until != nil {
      let now = try context.now()
      filter.since = since?.before(now)
      filter.until = until?.before(now)
    }
    return filter
  }
}

extension Context {
  /// The id of a customer that the mirror knows; events may have come of one that it does not.
  func customerID(ofEvents reference: CustomerReference) async throws -> String {
    if case .id(let id) = reference {
      var filter = EventFilter()
      (filter.customerID, filter.limit) = (id, 1)
      if try !store().read({ try $0.events(matching: filter) }).isEmpty { return id }
    }
    return try await mirroredCustomerID(reference)
  }
}
