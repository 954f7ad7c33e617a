import Basics
import BillingCore
import Stripe

extension Context {
  /// Which plan's rights a customer has now, by subscriptions that were just read.
  func currentPlan(
    of customer: CustomerRow, _ subscriptions: [SubscriptionRow]
  ) throws -> CurrentPlan {
    let (catalogue, now) = (try catalogueForNames(), try now())
    return try store().read {
      try $0.currentPlan(of: customer, subscriptions, in: catalogue, at: now)
    }
  }

  /// Takes the test clock in by which a customer lives, where there is one and Stripe is read.
  func readTestClock(of customer: CustomerRow) async throws {
    guard let clock = customer.testClockID, !settings.readsLocally else { return }
    _ = try await gateway().readIfKnown(StripePath("test_helpers", "test_clocks", clock))
  }

  /// The id of a customer of the mirror; one that was deleted still has its history, under its id.
  func mirroredCustomerID(_ reference: CustomerReference) async throws -> String {
    if case .id(let id) = reference, try store().read({ try $0.customer(id) }) != nil {
      return id
    }
    return try await localDirectory().customer(reference).id
  }
}

extension Catalogue {
  /// Throws where no plan names a limit or feature; exit 4.
  func requireRight(_ id: String) throws(CommandError) {
    let known = rightIDs
    guard !known.contains(id) else { return }
    let nearest = NearestName.of(id, among: known).map { "did you mean \($0)?" }
    throw .notFound(
      "no plan names a limit or feature \(Arguments.quoted(id))",
      hint: nearest ?? (known.isEmpty ? nil : "there are \(known.joined(separator: ", "))"))
  }

  /// Throws where something is no level: what is metered is counted, a feature is there or not; exit
  /// 2. `what` is what was to be done with it: `--used`, `usage set`.
  func requireLevel(_ id: String, for what: String, hint: String) throws(CommandError) {
    try requireRight(id)
    guard limitIDs.contains(id) else {
      throw .usage("\(what) is for levels, and \(id) is a feature", hint: hint)
    }
    guard meter(id) == nil else {
      throw .usage("\(what) is for levels, and \(id) is a flow, which is metered", hint: hint)
    }
  }
}
