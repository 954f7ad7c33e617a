import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct ApplyTests {
  @Test(arguments: [
    ("", "FILE is missing; see billing apply --help"),
    ("a.csv b.csv", "unexpected 'b.csv'; see billing apply --help"),
    (
      "a.csv --idempotency-key k",
      """
      --idempotency-key cannot stand for a batch; each line has its own key; \
      see billing apply --help
      """
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ line: String) {
    #expect(Words.mistake("apply \(words)") == line)
  }

  /// A shop with some customers.
  private func shop(_ customers: String...) async throws -> Shop {
    let shop = try await Shop()
    for name in customers {
      _ = try await shop.json(
        "customer create --email \(name)@example.com --external-id \(name)")
    }
    return shop
  }

  /// `line operation customer status message`, one a line; the customer as an own id.
  private func outcome(
    _ shop: Shop, _ text: String, options: String = ""
  ) async throws -> (rows: [String], exit: ExitCode) {
    try shop.world.write(text, to: "ops.csv")
    let result = await shop.run("apply ops.csv --format jsonl\(options)")
    let rows = try result.output.split(separator: "\n").map { line in
      let row = try JSON(parsing: String(line))
      #expect(row.object?.keys == LineResult.keys)
      let words = [row["line"], row["operation"], row["status"], row["error"]?["message"]]
      return words.map { Cell($0).text }.joined(separator: " ")
    }
    return (rows, result.exit)
  }

  /// What waits for the end of the period is a schedule at Stripe, and a subscription here.
  @Test func whatWaitsIsDoneOnce() async throws {
    let shop = try await shop("ada")
    _ = try await shop.json("subscribe ada enterprise --payment-method pm_card_visa")
    let file = "operation,customer,plan\ndowngrade,ada,team\n"
    #expect(try await outcome(shop, file).rows == ["2 downgrade done -"])
    let again = try await outcome(shop, file)
    #expect(again.rows == ["2 downgrade already_done -"] && again.exit == .done)
  }

  private func subscriptions(_ shop: Shop, _ customer: String) async throws -> Int {
    let list = try await shop.json("subscription list --status all --local")
    let id = try await shop.json("customer show \(customer)")["id"]
    return list["data"]?.array?.count { $0["customer"] == id } ?? 0
  }

  private static let file = """
    operation,customer,plan,payment_method,reference
    subscribe,ada,team,pm_card_visa,
    cancel,ada@example.com,,,
    resume,ada,,,
    cancel,ada@example.com,,,
    subscribe,bob,enterprise,pm_card_visa,
    """

  @Test func aSecondRunDoesNothingTwice() async throws {
    let shop = try await shop("ada", "bob")
    let first = try await outcome(shop, Self.file)
    #expect(
      first.rows == [
        "2 subscribe done -", "3 cancel done -", "4 resume done -", "5 cancel done -",
        "6 subscribe done -",
      ])
    #expect(first.exit == .done)
    let charges = try shop.counts()["charge"]
    let second = try await outcome(shop, Self.file)
    #expect(second.rows == first.rows.map { $0.replacing("done", with: "already_done") })
    #expect(second.exit == .done)
    #expect(try shop.counts()["charge"] == charges)
    let shown = try await shop.json("subscription show ada")
    #expect(shown["cancel_at_period_end"] == true)
  }

  @Test func anotherReferenceIsAnotherOperation() async throws {
    let shop = try await shop("ada")
    _ = try await shop.json("subscribe ada team --payment-method pm_card_visa")
    let line = "operation,customer,reference\ncancel,ada,"
    #expect(try await outcome(shop, line + "1").rows == ["2 cancel done -"])
    _ = try await shop.json("resume ada")
    #expect(try await outcome(shop, line + "1").rows == ["2 cancel already_done -"])
    #expect(try await shop.json("subscription show ada")["cancel_at_period_end"] == false)
    #expect(try await outcome(shop, line + "2").rows == ["2 cancel done -"])
    #expect(try await shop.json("subscription show ada")["cancel_at_period_end"] == true)
  }

  /// What follows a failed line of a customer is not begun, so that the order stays right; what was
  /// refused is tried anew when the file is run again.
  @Test func aFailureHoldsItsCustomerBack() async throws {
    let shop = try await shop("ada", "bob")
    let file = """
      operation,customer,plan
      resume,ada,
      cancel,ada,
      subscribe,bob,team
      """
    let first = try await outcome(shop, file)
    #expect(first.exit == .partial)
    let id = try await shop.json("customer show ada")["id"]?.string ?? "-"
    #expect(
      first.rows == [
        "2 resume failed \(id) has no subscription that runs",
        "3 cancel failed not begun, since line 2 of the same customer failed",
        "4 subscribe done -",
      ])
    _ = try await shop.json("subscribe ada team --payment-method pm_card_visa")
    _ = try await shop.json("cancel ada")
    let second = try await outcome(shop, file)
    #expect(
      second.rows == ["2 resume done -", "3 cancel done -", "4 subscribe already_done -"])
    #expect(second.exit == .done)
  }

  /// Equal lines of another file were meant once.
  @Test func whatWasDoneBeforeIsToldOnce() async throws {
    let shop = try await shop("ada", "bob")
    try shop.world.write(
      "operation,customer,plan\nsubscribe,ada,team\nsubscribe,bob,team\n", to: "more.csv")
    let first = await shop.world.run(["--sandbox", "apply", "more.csv"])
    #expect(!first.errors.contains("another reference"))
    try shop.world.write("operation,customer,plan\nsubscribe,ada,team\n", to: "other.csv")
    let second = await shop.world.run(["--sandbox", "apply", "other.csv"])
    #expect(
      second.errors.hasSuffix(
        """
        note: 1 line: 0 done, 1 already done, 0 failed
        note: 1 done by an earlier run, of this file or of another with equal lines; \
        another reference makes a line a new operation

        """), "\(second.errors)")
  }

  @Test func aDeclineIsTriedAnewAndChargesOnce() async throws {
    let shop = try await shop("ada")
    let declining = "pm_card_chargeCustomerFail"
    _ = try await shop.call(
      .post, "payment_methods", declining, "attach",
      parameters: ["customer": try #require(try await shop.json("customer show ada")["id"])])
    let methods = try await shop.call(
      .get, "customers", shop.json("customer show ada")["id"]?.string ?? "", "payment_methods")
    let bad = try #require(methods["data"]?[0]?["id"]?.string)
    let id = try #require(try await shop.json("customer show ada")["id"]?.string)
    let settings: JSONObject = ["invoice_settings": ["default_payment_method": .string(bad)]]
    try await shop.call(.post, "customers", id, parameters: settings)
    let file = "operation,customer,plan\nsubscribe,ada,team\n"
    for _ in 1...2 {
      let refused = try await outcome(shop, file)
      #expect(refused.rows.first?.hasPrefix("2 subscribe failed Your card was declined") == true)
      #expect(refused.exit == .partial)
    }
    let good = try await shop.call(
      .post, "payment_methods", "pm_card_visa", "attach", parameters: ["customer": .string(id)])
    try await shop.call(
      .post, "customers", id,
      parameters: ["invoice_settings": ["default_payment_method": good["id"] ?? .null]])
    #expect(try await outcome(shop, file).rows == ["2 subscribe done -"])
    #expect(try await outcome(shop, file).rows == ["2 subscribe already_done -"])
    #expect(try await subscriptions(shop, "ada") == 1)
  }

  /// The answer is lost, and the next run finds out what became of it.
  @Test(arguments: ["drop_after", "drop_before"])
  func whatIsUnknownIsSettled(_ fault: String) async throws {
    let shop = try await shop("ada", "bob")
    _ = try await shop.json("sandbox fault add \(fault) --path */attach")
    let file = """
      operation,customer,plan,payment_method
      subscribe,ada,team,pm_card_visa
      cancel,ada,,
      subscribe,bob,team,
      """
    let first = try await outcome(shop, file, options: " --max-retries 0")
    #expect(first.exit == .partial)
    #expect(first.rows[0].hasPrefix("2 subscribe failed it is not known whether Stripe"))
    #expect(first.rows[1] == "3 cancel failed not begun, since line 2 of the same customer failed")
    #expect(first.rows[2] == "4 subscribe done -")
    let third = try await outcome(shop, file)
    #expect(
      third.rows == ["2 subscribe done -", "3 cancel done -", "4 subscribe already_done -"])
    #expect(try await subscriptions(shop, "ada") == 1)
    #expect(try await shop.json("recover")["data"] == [])
  }

  /// When Stripe asks to wait, fewer lines are under way, and each gets its turn.
  @Test func aRateLimitIsWaitedFor() async throws {
    let shop = try await shop("ada", "bob")
    _ = try await shop.json("sandbox fault add rate_limit --count 3")
    let file = "operation,customer,plan\nsubscribe,ada,team\nsubscribe,bob,team\n"
    let result = try await outcome(shop, file, options: " --max-retries 0")
    #expect(result.rows == ["2 subscribe done -", "3 subscribe done -"])
  }

  @Test func aDryRunShowsWhatEachLineSends() async throws {
    let shop = try await shop("ada")
    let before = try shop.counts()
    try shop.world.write(
      Self.file.split(separator: "\n").prefix(2).joined(separator: "\n"), to: "ops.csv")
    let result = try await shop.json("apply ops.csv --dry-run")
    let row = result["data"]?[0]
    #expect(row?["status"] == "done")
    #expect(row?["result"]?["dry_run"] == true)
    let paths = row?["result"]?["requests"]?.array?.compactMap { $0["path"]?.string }
    #expect(paths == ["/v1/payment_methods/pm_card_visa/attach", "/v1/subscriptions"])
    #expect(try shop.counts() == before)
    #expect(try shop.journal(key: try key(of: "ops.csv", in: shop)) == nil)
  }

  /// The key of the first line of a file.
  private func key(of file: String, in shop: Shop) throws -> String {
    let context = try shop.world.context("--sandbox --quiet")
    let table = try ApplyTable(
      parsing: shop.world.text(of: file), named: file, catalogue: context.catalogue)
    return try #require(table.lines.first).key(attempt: 1).text
  }

  @Test func whatDestroysNeedsAYes() async throws {
    let shop = try await shop("ada")
    _ = try await shop.json("subscribe ada team --payment-method pm_card_visa")
    try shop.world.write("operation,customer\ncancel now,ada\n", to: "ops.csv")
    #expect(
      try await shop.failure("apply ops.csv")
        == "2 confirmation_required: not confirmed: carry out 1 operation; run it again with --yes")
    let done = try await shop.json("apply ops.csv --yes")
    #expect(done["data"]?[0]?["result"]?["status"] == "canceled")
  }
}
