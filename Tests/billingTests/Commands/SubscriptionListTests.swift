import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct SubscriptionListTests {
  @Test func wordsBecomeFilters() throws {
    let command = try Words.parsed(
      "subscription list --status ended --plan team --limit 7", as: SubscriptionList.self)
    #expect(command.status == "ended" && command.planID == "team" && command.limit == 7)
  }

  @Test(arguments: [
    ("a@b.c", "unexpected 'a@b.c';"), ("--limit x", "--limit must be a whole number, not 'x';"),
    (
      "--status pastdue",
      """
      --status must be active, trialing, past_due, unpaid, paused, incomplete, canceled, \
      incomplete_expired, ended or all, not 'pastdue'; did you mean past_due?
      """
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("subscription list \(words)")
        == "\(message) see billing subscription list --help")
  }

  /// One that runs, one that waits for its payment, one that has ended.
  private func shop() async throws -> Shop {
    let shop = try await Shop()
    for line in [
      "subscribe one@example.com team --create --payment-method pm_card_visa",
      "cancel one@example.com --now --yes",
      "subscribe two@example.com team --create --interval year --payment-method pm_card_visa",
      "subscribe three@example.com enterprise --create",
    ] { _ = try await shop.json(line) }
    return shop
  }

  @Test(arguments: [
    ("", ["incomplete", "active"]), ("--status all", ["incomplete", "active", "canceled"]),
    ("--status ended", ["canceled"]), ("--status canceled", ["canceled"]),
    ("--status active", ["active"]), ("--plan enterprise", ["incomplete"]),
    ("--plan team --status all", ["active", "canceled"]), ("--status trialing", []),
  ])
  func filters(_ words: String, _ expected: [String]) async throws {
    let shop = try await shop()
    for option in ["", " --local"] {
      let list = try await shop.json("subscription list \(words)\(option)")
      let found = (list["data"]?.array ?? []).map { $0["status"]?.string ?? "-" }
      #expect(found == expected, "\(words)\(option)")
      #expect(list["has_more"] == false)
    }
  }

  @Test func limitsAndFormats() async throws {
    let shop = try await shop()
    for option in ["", " --local"] {
      let one = try await shop.json("subscription list --status all --limit 1" + option)
      #expect(one["data"]?.array?.count == 1 && one["has_more"] == true)
      let all = try await shop.json("subscription list --status all --all" + option)
      #expect(all["data"]?.array?.count == 3 && all["has_more"] == false)
    }
    let csv = await shop.run("subscription list --status active --format csv").output
    let lines = csv.replacing("\r\n", with: "\n").split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first.map { String($0) } == SubscriptionView.keys.joined(separator: ","))
    let jsonLines = await shop.run("subscription list --format jsonl").output
    #expect(jsonLines.split(separator: "\n").count == 2)
    #expect(
      try await shop.failure("subscription list --plan teem")
        == "4 not_found: there is no plan 'teem'; did you mean team?")
  }

  @Test func howLongAnIntervalIs() async throws {
    let shop = try await Shop("allthrive")
    _ = try await shop.json("subscribe a@b.c pro-learn --create --payment-method pm_card_visa")
    #expect(await shop.run("subscription list").output.contains(" $105.00  3 months "))
  }
}
