import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

/// Ways in which one person could become two customers.
@Suite(.tags(.unit)) struct DoubleCustomerTests {
  static let plans = """
    version: 1
    currency: usd
    default_plan: free
    external_id_metadata: [user_id]
    plans:
      - { id: free, name: Free, rank: 0 }
    """

  static func list(_ objects: String) -> ScriptedTransport.Answer {
    .json(#"{"object":"list","has_more":false,"data":[\#(objects)]}"#)
  }

  /// Stripe's search knows a new customer only after a while; the list by address knows it at once.
  @Test func aCustomerThatTheSearchDoesNotKnowYetIsFoundByItsAddress() async throws {
    let world = try TestWorld()
    try world.write(Self.plans, to: "plans.yaml")
    let transport = ScriptedTransport([
      .json(#"{"id":"acct_1","object":"account"}"#), Self.list(""),
      Self.list(
        #"{"id":"cus_1","object":"customer","email":"a@b.c","created":1795000000,"balance":0,"#
          + #""livemode":false,"metadata":{"user_id":"u-7"}}"#),
    ])
    let result = await world.run(
      "customer create --email a@b.c --external-id u-7 --json",
      environment: ["STRIPE_SECRET_KEY": "sk_test_0123456789abcdef"], transport: transport)
    #expect(result.exit == .conflict)
    #expect(transport.rest == 0)
    #expect(transport.requests.allSatisfy { $0.method == .get })
  }

  @Test func anIDThatStandsTwiceInAFileIsUsedOnce() throws {
    let table = try CustomerTable(
      parsing: "external_id,name\nu-1,One\nu-2,Two\nu-1,Other\n", named: "c.csv")
    let words = table.lines.map { line in
      switch line.fields {
      case .success(let fields): "\(line.number) \(fields.name ?? "-")"
      case .failure(let error): "\(line.number) \(error.message)"
      }
    }
    #expect(
      words == ["2 One", "3 Two", "4 external_id u-1 stands in line 2 already; it was not used"])
  }

  /// A change that is planned on an old copy could be made twice.
  @Test func aWriteIsNotPlannedOnTheMirror() throws {
    for words in ["--sandbox --quiet --local", "--sandbox --quiet --local --dry-run"] {
      let context = try TestWorld().context(words)
      let error = #expect(throws: CommandError.self) { try context.requireWrite("do it") }
      #expect(error?.exit == .usage)
      #expect(error?.message == "--local answers reads; a change is planned on what Stripe says")
    }
  }
}
