import Basics
import Foundation
import Stripe
import Testing

@testable import BillingCore

/// What `fixtures/events` leaves behind, for a shop with the plans of `plans.yaml`.
@Suite(.tags(.integration)) struct EventStoryIntegrationTests {
  private let root: URL
  private let mirror: StripeMirror

  init() throws {
    var root = URL(filePath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    self.root = root
    let yaml = try String(contentsOf: root.appending(path: "plans.yaml"), encoding: .utf8)
    mirror = try Catalogue(yaml: yaml, file: "plans.yaml").mirror
  }

  /// The events of a folder, in the order of their names.
  private func events(_ folder: String) throws -> [IncomingEvent] {
    let path = root.appending(path: "fixtures/\(folder)").path
    return try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { $0.hasSuffix(".json") }.sorted()
      .map { name in
        let bytes = try Data(contentsOf: URL(filePath: "\(path)/\(name)"))
        return try IncomingEvent(Array(bytes), verdict: .unverified)
      }
  }

  private func store(after events: [IncomingEvent]) throws -> Store {
    let store = try Store.inMemory(now: { noon })
    for outcome in try Inbox(store: store, mirror: mirror).take(events) {
      if case .failed(let reason) = outcome { Issue.record("\(reason)") }
    }
    return store
  }

  /// A line for each customer who is there, and for each subscription.
  private func state(after events: [IncomingEvent]) throws -> [String] {
    // Of a customer who is deleted the mirror need not know the name.
    let names = Dictionary(
      events.map { ($0.event.customerID, $0.event.object["name"]?.string) }.compactMap { id, name in
        if let id, let name { (id, name) } else { nil }
      }, uniquingKeysWith: { first, _ in first })
    return try store(after: events).read { transaction in
      let customers = try transaction.customers(limit: nil).filter { !$0.isDeleted }
        .map { "\($0.name ?? "-"): \($0.externalID ?? "-")\($0.isDelinquent ? ", late" : "")" }
      let subscriptions = try transaction.subscriptions(status: nil, limit: nil).map { row in
        let end = row.currentPeriodEnd?.iso8601Date ?? "-"
        return "\(names[row.customerID] ?? "-"): \(row.plan ?? "-") \(row.status) until \(end)"
      }
      return customers.sorted() + subscriptions.sorted()
    }
  }

  @Test func fiveCustomers() throws {
    let events = try events("events")
    #expect(
      try state(after: events) == [
        "Ada Lindqvist: u-1001", "Bruno Okafor: u-1002", "Dora Marten: u-1004",
        "Ewa Kowal: u-1005, late",
        "Ada Lindqvist: professional active until 2026-12-03",
        "Bruno Okafor: starter active until 2026-11-24",
        "Chen Wei: professional canceled until 2026-10-15",
        "Dora Marten: starter canceled until 2026-09-04",
        "Ewa Kowal: professional canceled until 2026-10-13",
      ])
    // The connected account's customer, the warning and the thin event are none of ours.
    #expect(
      try store(after: events).read { try $0.eventCounts() } == [
        "processed": events.count - 3, "ignored": 3,
      ])
  }

  @Test func twoCustomersInTheOldLayout() throws {
    #expect(
      try state(after: events("events/2023-10-16")) == [
        "Fritz Talbot: u-2001", "Greta Winter: u-2002",
        "Fritz Talbot: professional active until 2026-12-06",
        "Greta Winter: professional canceled until 2026-09-21",
      ])
  }

  @Test func inAnyOrder() throws {
    let events = try events("events") + events("events/2023-10-16")
    let expected = try state(after: events)
    #expect(try state(after: events.reversed()) == expected)
    // Every seventh, then the next after each, and so on: neighbours come far from each other.
    let apart = (0..<7).flatMap { start in
      stride(from: start, to: events.count, by: 7).map { events[$0] }
    }
    #expect(try state(after: apart) == expected)
    #expect(try state(after: apart.reversed()) == expected)
  }
}
