import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct SyncListTests {
  private func lists(_ key: String) throws -> [SyncList] {
    SyncList.all(.init(key: try StripeKey(parsing: key)), started: Timestamp(100_000_000))
  }

  @Test func thePartsOfALongListLeaveNothingOut() throws {
    let parts = try lists("sk_test_0123456789abcdef").filter { $0.type == "invoice" }
    #expect(
      parts.map { "\($0.name) \($0.parameters["created"]?.compact ?? "-")" } == [
        #"invoices 1/4 {"gte":97408000}"#,
        #"invoices 2/4 {"gte":89632000,"lt":97408000}"#,
        #"invoices 3/4 {"gte":68464000,"lt":89632000}"#,
        #"invoices 4/4 {"lt":68464000}"#,
      ])
  }

  @Test func everyListHasANameOfItsOwn() throws {
    let names = try lists("sk_test_0123456789abcdef").map { $0.name }
    #expect(Set(names).count == names.count)
  }

  @Test func aLiveAccountHasNoTestClocks() throws {
    let types = try ["sk_test_0123456789abcdef", "sk_live_0123456789abcdef"].map { key in
      Set(try lists(key).map { $0.type })
    }
    #expect(types[0].subtracting(types[1]) == ["test_helpers.test_clock"])
  }
}
