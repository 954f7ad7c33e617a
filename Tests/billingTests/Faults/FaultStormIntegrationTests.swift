import Basics
import Stripe
import Testing

@testable import BillingCore
@testable import billing

/// Hundreds of operations while a fifth of all requests goes wrong; afterwards the journal is
/// settled, the mirror is as Stripe is, and nobody was charged twice.
@Suite(.tags(.integration)) struct FaultStormIntegrationTests {
  private static let customers = 12
  private static let operations = 125

  /// Four kinds, each as likely that one of them strikes a fifth of the requests.
  private static let faults = ["drop_after", "lock_timeout", "api_error", "timeout"]
  private static let probability = "0.0543"

  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func afterTheStorm(seed: UInt64) async throws {
    let shop = try await Shop()
    for number in 0..<Self.customers {
      _ = try await shop.json(
        "customer create --email u\(number)@example.com --payment-method pm_card_visa")
    }
    for fault in Self.faults {
      _ = try await shop.json(
        "sandbox fault add \(fault) --count 1000000 --probability \(Self.probability)")
    }
    let context = try shop.world.context("--sandbox --quiet --max-retries 0 --yes")
    let exits = try await storm(context, shop, seed)
    #expect(exits.values.reduce(0, +) == Self.operations)
    // Were nothing done, or nothing lost, the test would show nothing.
    let lost = (exits[.unreachable] ?? 0) + (exits[.outcomeUnknown] ?? 0)
    #expect(exits[.done] ?? 0 > 10 && lost > 10, "\(exits)")
    _ = try await shop.json("sandbox fault clear")
    _ = try await shop.json("recover")

    let store = try context.store()
    let unsettled = try store.read { try $0.unsettledOperations() }
    #expect(unsettled == [])
    let comparison = MirrorComparison(
      client: try context.client(), store: store, mirror: context.mirror())
    let drift = try await comparison.differences().map {
      "\($0.id) \($0.path): \($0.mirror?.compact ?? "-") | \($0.stripe?.compact ?? "-")"
    }
    #expect(drift == [])
    for number in 0..<Self.customers {
      try await checkMoney(shop, store, customer: "u\(number)@example.com")
    }
  }

  /// How often a command ended with which code.
  private func storm(
    _ context: Context, _ shop: Shop, _ seed: UInt64
  ) async throws -> [ExitCode: Int] {
    var dice = Dice(seed: seed)
    var exits: [ExitCode: Int] = [:]
    for number in 0..<Self.operations {
      let line = line(&dice, number, "u\(dice.below(Self.customers))@example.com")
      guard case .run(let command, _, _) = try Invocation(Session.words(of: line)) else { continue }
      var exit = ExitCode.done
      do {
        if case .failed(let error) = try await command.report(context).outcome { exit = error.exit }
      } catch {
        exit = CommandError(explaining: error).exit
      }
      context.finish()
      shop.world.tick()
      #expect([.done, .conflict, .unreachable, .outcomeUnknown].contains(exit), "\(line): \(exit)")
      exits[exit, default: 0] += 1
    }
    return exits
  }

  private func line(_ dice: inout Dice, _ number: Int, _ customer: String) -> String {
    let plan = dice.one(of: ["team", "enterprise"])
    let lines = [
      "subscribe \(customer) \(plan)", "subscribe \(customer) \(plan) --interval year",
      "subscribe \(customer) \(plan) --payment-method pm_card_mastercard",
      "cancel \(customer)", "cancel \(customer) --now", "cancel \(customer) --now",
      "upgrade \(customer) enterprise", "upgrade \(customer) enterprise --quantity 2",
      "downgrade \(customer) team", "resume \(customer)", "resume \(customer)",
      "customer update \(customer) --name N\(number)", "recover",
    ]
    return dice.one(of: lines)
  }

  /// What the journal says was sold is there, was billed once and paid once.
  private func checkMoney(
    _ shop: Shop, _ store: BillingCore.Store, customer: String
  ) async throws {
    let id = try #require(try await shop.json("customer show \(customer)")["id"]?.string)
    let sold = try done("subscribe", of: id, in: store)
    let upgraded = try done("upgrade", of: id, in: store)
    let made = try await list(shop, "subscriptions", ["customer": .string(id), "status": "all"])
    let causes = made.compactMap { $0["metadata"]?["billing_operation"]?.string }
    #expect(causes.sorted() == sold.sorted())
    let invoices = try await list(shop, "invoices", ["customer": .string(id)])
    #expect(invoices.count == sold.count + upgraded.count)
    let unpaid = invoices.filter { $0["status"] != "paid" }
    #expect(unpaid == [])
    let charges = try await list(shop, "charges", ["customer": .string(id)])
    let charged = charges.compactMap { $0["amount_captured"]?.integer }.sorted()
    let paid = invoices.compactMap { $0["amount_paid"]?.integer }.filter { $0 > 0 }.sorted()
    #expect(charged == paid)
  }

  /// The operations of a command that came about.
  private func done(
    _ command: String, of customerID: String, in store: BillingCore.Store
  ) throws -> [String] {
    try store.read { try $0.operations(after: 0, command: command) }
      .filter { $0.customerID == customerID && $0.state == .done }.map { $0.id }
  }

  private func list(_ shop: Shop, _ name: String, _ parameters: JSONObject) async throws -> [JSON] {
    var parameters = parameters
    parameters["limit"] = 100
    return try await shop.call(.get, name, parameters: parameters)["data"]?.array ?? []
  }
}
