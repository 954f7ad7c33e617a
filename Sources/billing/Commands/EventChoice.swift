import Basics
import BillingCore

/// Which events a command line means: `--id`, `--type`, `--customer`, `--since`, `--until`,
/// `--limit`.
struct EventChoice: Sendable {
  var ids: [String]
  var type: EventTypePattern?
  var customer: CustomerReference?
  var since: TimeArgument?
  var until: TimeArgument?
  var limit: Int?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    ids = arguments.options("--id")
    guard !ids.contains("") else { throw arguments.error("--id is empty") }
    if let text = try arguments.option("--type") {
      guard let pattern = EventTypePattern(text) else {
        throw arguments.error(
          "--type must be a type of events, in which * stands for anything, not "
            + Arguments.quoted(text))
      }
      type = pattern
    }
    if let text = try arguments.option("--customer") {
      guard let reference = CustomerReference(text) else {
        throw arguments.error(
          "--customer must be an id (cus_…), an e-mail address or an id of yours")
      }
      customer = reference
    }
    since = try arguments.time("--since")
    until = try arguments.time("--until")
    limit = try arguments.integer("--limit", in: 1...Int64(Int32.max)).map { Int($0) }
  }

  /// Whether any of the options was given.
  var isNarrowed: Bool {
    !ids.isEmpty || type != nil || customer != nil || since != nil || until != nil || limit != nil
  }

  /// The filter that these words mean now. A customer that is named by an address or an id of one's
  /// own is looked for in the mirror.
  func filter(_ context: Context) async throws -> EventFilter {
    var filter = EventFilter()
    filter.ids = ids
    filter.type = type
    filter.limit = limit
    let now = try context.now()
    filter.since = since?.before(now)
    filter.until = until?.before(now)
    switch customer {
    case .id(let id)?: filter.customerID = id
    case let reference?:
      filter.customerID = try await context.localDirectory().customer(reference).id
    case nil: break
    }
    return filter
  }
}
