import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

/// Drift on a large scale: found, named and mended; and a database that is made from nothing.
@Suite(.tags(.integration)) struct SyncIntegrationTests {
  /// 200 objects are changed while all events get lost: renamed, made, deleted and canceled.
  private func drifted() async throws -> (deaf: DeafShop, changed: [String: String]) {
    let deaf = try await DeafShop(
      "subscribe ada@example.com team --create --payment-method pm_card_visa --trial-days 0",
      "subscribe bob@example.com team --create --payment-method pm_card_visa --trial-days 0")
    for number in 0..<190 {
      try await deaf.call(
        .post, "customers", parameters: ["email": .string("u\(number)@example.com")])
    }
    _ = try await deaf.json("sync")
    deaf.shop.world.tick()
    var changed: [String: String] = [:]
    let customers = try await deaf.ids("customers")
    for id in customers.prefix(170) {
      try await deaf.call(.post, "customers", id, parameters: ["name": "New"])
      changed[id] = "\(id) name: null | \"New\""
    }
    for id in customers.dropFirst(170).prefix(20) {
      try await deaf.call(.delete, "customers", id)
      changed[id] = "\(id) deleted: false | true"
    }
    for number in 0..<8 {
      let made = try await deaf.call(
        .post, "products", parameters: ["name": .string("Product \(number)")])
      let id = try #require(made["id"]?.string)
      changed[id] = "\(id) -: null | \"present\""
    }
    for id in try await deaf.ids("subscriptions") {
      try await deaf.call(.delete, "subscriptions", id)
      changed[id] = "\(id) status: \"active\" | \"canceled\""
    }
    return (deaf, changed)
  }

  @Test(arguments: ["sync", "sync --full"])
  func twoHundredChangesAreNamedAndMended(by line: String) async throws {
    let (deaf, changed) = try await drifted()
    #expect(changed.count == 200)
    let told = try await deaf.drift()
    #expect(Set(changed.values).subtracting(told) == [])
    let names = Set(told.map { String($0.prefix { $0 != " " }) })
    #expect(names == Set(changed.keys))

    let mended = try await deaf.json(line)
    #expect(mended.error == nil)
    if line == "sync --full" {
      #expect(mended.json["changed"] == 200 && mended.json["deleted"] == 20)
    }
    #expect(try await deaf.drift() == [])
    let ada = try await deaf.json("customer show ada@example.com --local").json
    #expect(ada["status"] == "canceled")
  }

  @Test func aDatabaseIsRebuiltFromNothing() async throws {
    let deaf = try await DeafShop(
      "subscribe ada@example.com team --create --payment-method pm_card_visa --trial-days 7",
      "subscribe bob@example.com team --create --payment-method pm_card_visa --trial-days 0",
      "subscribe eve@example.com team --create --payment-method pm_card_visa --trial-days 0",
      "subscribe kim@example.com enterprise --create --payment-method pm_card_visa --trial-days 0",
      "sandbox advance '40 days'", "cancel ada@example.com", "cancel bob@example.com --now --yes",
      "customer create --email gone@example.com", "customer delete gone@example.com --yes",
      "customer update eve@example.com --name Eve --external-id e-1")
    let rebuilt = try await deaf.json("sync --full")
    #expect(rebuilt.error == nil)
    let (old, new) = (try deaf.store(isDeaf: false), try deaf.store(isDeaf: true))
    for table in Table.allCases {
      let (before, after) = (try rows(table, of: old), try rows(table, of: new))
      #expect(before.count > 0 && before == after, "\(table): \(before.symmetricDifference(after))")
    }
  }

  private enum Table: CaseIterable { case customers, subscriptions, invoices, prices, entitlements }

  private func rows(_ table: Table, of store: BillingCore.Store) throws -> Set<AnyHashable> {
    try store.read { transaction in
      let customers = try transaction.customers(limit: nil)
      switch table {
      case .customers: return Set(customers)
      case .subscriptions: return Set(try transaction.subscriptions(status: nil, limit: nil))
      case .invoices:
        let ids = try transaction.invoiceIDs(customer: nil, limit: nil)
        return Set(try ids.map { [$0, try transaction.objectJSON($0)?.compact ?? "-"] })
      case .prices:
        return Set(try transaction.activePriceIDs().map { [$0.key, $0.value] })
      case .entitlements:
        // How rights came about, and those that are over, are not known any more.
        let now = TestWorld.start + 41 * 86_400
        let rights = try customers.flatMap { try transaction.entitlements(ofCustomer: $0.id) }
          .filter { $0.until.map { $0 > now } ?? true }
        return Set(
          rights.map {
            [
              $0.customerID, $0.subscriptionID, $0.planID, $0.until?.iso8601,
              $0.pastDueSince?.iso8601,
            ]
          })
      }
    }
  }
}
