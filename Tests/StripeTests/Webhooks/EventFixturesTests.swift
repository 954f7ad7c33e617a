import Basics
import Testing

@testable import Stripe

/// The events in `fixtures/events` are such as Stripe sends, and tell one story.
@Suite(.tags(.unit)) struct EventFixturesTests {
  private let newest = EventFixtures.newest.files
  private let old = EventFixtures.old.files

  @Test func everyTypeThatIsHandledIsThereAndOneThatIsNot() {
    let types = Set(newest.map { $0.type })
    #expect(types == Set(Self.handled + ["radar.early_fraud_warning.created"]))
    #expect(Set(old.map { $0.type }).isSubset(of: types))
  }

  @Test func aFileIsNamedAfterItsNumberAndItsType() {
    for files in [newest, old] {
      for (index, file) in files.enumerated() {
        #expect(file.nameOfType == file.type)
        #expect(Int(file.name.prefix { $0 != "-" }) == index + 1)
      }
    }
  }

  @Test func everyEventIsRead() throws {
    for (files, version) in [(newest, "2026-10-28.endive"), (old, "2023-10-16")] {
      for file in files {
        let event = try Event(file.json)
        #expect(event.apiVersion == (file.isThin ? nil : version), "\(file.name)")
        #expect(!event.isLive && event.object["livemode"] != true, "\(file.name)")
      }
    }
  }

  @Test func anEventOccursOnceAndTimePasses() {
    for files in [newest, old] {
      #expect(Set(files.map { $0.json["id"] }).count == files.count)
      let times = files.compactMap { $0.created }
      #expect(times.count == files.count)
      #expect(times == times.sorted())
    }
    #expect(
      Set((newest + old).map { $0.json["id"] }).count == newest.count + old.count)
  }

  @Test func oneComesFromAConnectedAccountAndOneIsThin() {
    #expect(newest.filter { $0.json["account"] != nil }.map { $0.type } == ["customer.created"])
    #expect(
      newest.filter { $0.isThin }.map { $0.type } == ["v1.billing.meter.error_report_triggered"])
  }

  @Test func anObjectHasTheFieldsThatStripePublishes() throws {
    for file in newest where !file.isThin {
      var published = Set(try StripeFixtures.published(file.kind).object?.keys ?? [])
      #expect(!published.isEmpty, "\(file.kind)")
      published.subtract(Self.onlyInOlderVersions[file.kind] ?? [])
      let missing = published.subtracting(file.object.object?.keys ?? []).sorted()
      #expect(missing == [], "\(file.name)")
    }
  }

  @Test func objectsOfAKindHaveTheSameFields() {
    for files in [newest, old] {
      for (kind, group) in Dictionary(grouping: files, by: { $0.kind }) where kind != "" {
        let shapes = Set(group.map { Set($0.object.object?.keys ?? []) })
        #expect(shapes.count == 1, "\(kind)")
      }
    }
  }

  @Test func whatAnEventSpeaksOfIsInTheStory() {
    let all = newest + old
    let known = Set(all.compactMap { $0.object["id"]?.string })
    for file in all {
      for (key, id) in Self.references(in: file.object) {
        #expect(known.contains(id), "\(file.name): \(key) \(id)")
      }
    }
  }

  @Test func anInvoiceAddsUp() throws {
    let invoices = (newest + old).filter { $0.kind == "invoice" }
    #expect(invoices.count > 30)
    for file in invoices {
      let lines = try #require(file.object[at: "lines", "data"]?.array)
      let sum = lines.reduce(0) { $0 + ($1["amount"]?.integer ?? 0) }
      #expect(sum == file.object["total"]?.integer, "\(file.name)")
      let invoice = try Invoice(file.object)
      #expect(invoice.amountDue == invoice.amountPaid + invoice.amountRemaining)
    }
  }

  @Test func eachVersionHasItsOwnLayout() throws {
    func object(_ files: [EventFixtures.File], _ type: String) throws -> JSON {
      try #require(files.first { $0.type == type }).object
    }
    let before = try object(old, "customer.subscription.created")
    #expect(before["current_period_end"] != nil)
    #expect(before[at: "items", "data", "0", "current_period_end"] == nil)
    let after = try object(newest, "customer.subscription.created")
    #expect(after["current_period_end"] == nil)
    #expect(after[at: "items", "data", "0", "current_period_end"] != nil)

    let paid = try object(old, "invoice.paid")
    for key in ["subscription", "charge", "payment_intent", "paid"] { #expect(paid[key] != nil) }
    #expect(paid[at: "lines", "data", "0", "price", "object"] == "price")
    #expect(paid[at: "lines", "data", "0", "proration"] == false)
    #expect(try object(newest, "invoice.paid")[at: "parent", "type"] == "subscription_details")
  }
}

// MARK: What is expected

extension EventFixturesTests {
  private static let handled = """
    customer created updated deleted
    customer.subscription created updated deleted trial_will_end paused resumed
    customer.subscription pending_update_applied pending_update_expired
    invoice created finalized paid payment_succeeded payment_failed payment_action_required
    invoice upcoming voided marked_uncollectible updated
    checkout.session completed expired async_payment_succeeded async_payment_failed
    payment_method attached detached updated automatically_updated
    payment_intent succeeded payment_failed
    charge refunded
    product created updated deleted
    price created updated deleted
    entitlements.active_entitlement_summary updated
    billing.meter created updated deactivated reactivated
    v1.billing.meter error_report_triggered
    subscription_schedule created updated released completed canceled aborted expiring
    """.split(separator: "\n").flatMap { line in
      let words = line.split(separator: " ")
      return words.dropFirst().map { "\(words[0]).\($0)" }
    }

  /// What the published examples, which mix versions, still have of older ones.
  private static let onlyInOlderVersions: [String: Set<String>] = [
    "invoice": ["subscription"], "charge": ["refunds"],
  ]

  /// The keys and values by which an object names others of the story.
  private static func references(in json: JSON) -> [(key: String, id: String)] {
    switch json {
    case .array(let elements): return elements.flatMap { references(in: $0) }
    case .object(let object):
      return object.flatMap { key, value -> [(key: String, id: String)] in
        guard let id = value.string else { return references(in: value) }
        return referring.contains(key) ? [(key, id)] : []
      }
    default: return []
    }
  }

  private static let referring: Set<String> = [
    "customer", "invoice", "latest_invoice", "meter", "price", "product", "released_subscription",
    "schedule", "subscription",
  ]
}
