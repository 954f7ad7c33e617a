import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct SandboxEventsTests {
  @Test func theLatestInTheirOrder() async throws {
    let shop = try await Shop(seeds: false)
    _ = try await shop.json("customer create --email one@example.com")
    _ = try await shop.json("customer update one@example.com --name One")
    let types = { (events: JSON) in (events["data"]?.array ?? []).map { $0["type"] } }
    let all = try await shop.json("sandbox events")
    #expect(types(all) == ["customer.created", "customer.updated"])
    #expect(all["has_more"] == false)
    let one = try await shop.json("sandbox events --limit 1")
    #expect(types(one) == ["customer.updated"] && one["has_more"] == true)
    #expect(types(try await shop.json("sandbox events --type customer.created")).count == 1)
    #expect(types(try await shop.json("sandbox events --type 'customer.*'")).count == 2)
    #expect(types(try await shop.json("sandbox events --type invoice.paid")).isEmpty)
    shop.world.tick(3_600)
    #expect(types(try await shop.json("sandbox events --since 1h")).isEmpty)
    #expect(types(try await shop.json("sandbox events --since 2h")).count == 2)
  }
}
