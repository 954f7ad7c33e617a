import Basics
import Foundation
import Stripe

extension UsageReporting {
  /// What Stripe counted of a meter in whole minutes; nil where that is no whole number.
  func counted(
    meterID: String, customerID: String, in time: BillingPeriod
  ) async throws -> Int64? {
    let found = try await gateway.client.send(
      StripeRequest(
        .get, StripePath("billing", "meters", meterID, "event_summaries"),
        [
          "customer": .string(customerID), "start_time": .integer(time.start.seconds),
          "end_time": .integer(time.end.seconds),
        ]))
    guard let value = found.json["data"]?[0]?["aggregated_value"] else { return 0 }
    if let whole = value.integer { return whole }
    return value.decimal.flatMap { Int64("\($0)") }
  }

  // MARK: What Stripe could not count

  /// The meters at Stripe to which anything was told.
  package func meterIDs() throws -> [String] {
    try gateway.store.read { try $0.reportedMeterIDs() }
  }

  /// Takes in what Stripe found wrong after it had taken a call: such a call counts for nothing, and
  /// what it told is told anew. Says how many that were.
  ///
  /// - Parameter meterIDs: of which meters at Stripe.
  package func takeInErrors(ofMeters meterIDs: [String]) async throws -> [MeterError] {
    var taken: [MeterError] = []
    for meterID in Set(meterIDs).sorted() {
      let (errors, newest) = try await errors(ofMeter: meterID)
      taken += try gateway.store.write { transaction in
        if let newest { try transaction.setCursor(Self.cursor(meterID), to: newest) }
        return try errors.filter {
          try transaction.settleUsageReport(
            $0.identifier, as: .failed, error: "\($0.code): \($0.message)")
        }
      }
    }
    return taken
  }

  private static func cursor(_ meterID: String) -> String { "meter errors of \(meterID)" }

  /// What was told since the last time, and the id of the newest event.
  private func errors(ofMeter meterID: String) async throws -> ([MeterError], newest: String?) {
    let last = try gateway.store.read { try $0.cursor(Self.cursor(meterID)) }
    var (errors, newest, page) = ([MeterError](), String?.none, String?.none)
    repeat {
      var parameters: JSONObject = ["object_id": .string(meterID), "limit": 100]
      if let page { parameters["page"] = .string(page) }
      let path = StripePath(segments: ["v2", "core", "events"])
      let found = try await gateway.client.send(StripeRequest(.get, path, parameters)).json
      for event in found["data"]?.array ?? [] {
        let id = event["id"]?.string
        if id == last, last != nil { return (errors, newest ?? last) }
        newest = newest ?? id
        errors += MeterError.told(in: event) ?? []
      }
      page = found["next_page_url"]?.string.flatMap { Self.page(in: $0) }
    } while page != nil
    return (errors, newest ?? last)
  }

  /// The value of `page` in the address of the next page.
  private static func page(in address: String) -> String? {
    URLComponents(string: address)?.queryItems?.first { $0.name == "page" }?.value
  }
}
