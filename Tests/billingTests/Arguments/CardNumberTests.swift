import Foundation
import Testing

@testable import billing

@Suite(.tags(.unit)) struct CardNumberTests {
  @Test(arguments: [
    "4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242", "378282246310005",
    "3782 822463 10005", "5555555555554444", "6011111111111117", "30569309025904",
    "card 4242424242424242 of Ada", "card: 4242 4242 4242 4242 12/30", "4242424242424242@x.com",
    "4222222222222", "(4242-4242-4242-4242)", "42424242 42424242", "4242.4242.4242.4242",
    "4242_4242_4242_4242", "4242/4242/4242/4242", "4242\t4242\t4242\t4242",
    "4242–4242–4242–4242", "4242‑4242‑4242‑4242", "4242\u{A0}4242\u{A0}4242\u{A0}4242",
    "４２４２４２４２４２４２４２４２", "card ４２４２ ４２４２ ４２４２ ４２４２ of Ada",
    "card 4242.4242.4242.4242 of Ada", "is 4242_4242_4242_4242.",
  ]) func found(_ text: String) {
    #expect(CardNumber.stands(in: text))
  }

  @Test(arguments: [
    "4242424242424241", "4242 4242 4242 4241", "424242424242", "42424242424242424242",
    "cus_4242424242424242", "pm_card_visa", "2026-11-20T10:00:00Z", "ada@example.com",
    "order-2026-11-20-000123", "a4242424242424242", "1795168800", "",
    "123e4567-e89b-12d3-a456-426614174000", "order_4242424242424242", "a_4242_4242_4242_4242",
    "/srv/2026/11/20/billing.db", "192.168.100.200", "ada.4242@example.com", "2026/11/20 10.00",
  ]) func passed(_ text: String) {
    #expect(!CardNumber.stands(in: text))
  }

  @Test(arguments: [
    ["help", "4242424242424242"], ["version", "--db", "4242424242424242"],
    ["version", "--idempotency-key=4242424242424242"], ["help", "--", "4242 4242 4242 4242"],
    ["4242424242424242"], ["--4242424242424242"], ["--4242.4242.4242.4242=x", "version"],
    ["plans", "4242424242424242"], ["version", "--4242424242424242"],
    ["sandbox", "4242424242424242"],
    ["customer", "create", "--emial", "a@b.c", "--name", "4242424242424242"],
    ["sandbox", "--4242424242424242"], ["--", "4242424242424242"],
  ]) func refusedInAnyWord(_ words: [String]) async throws {
    let result = try await TestWorld().run(words)
    #expect(result.exit == .usage)
    #expect(!result.errors.contains("4242"))
    #expect(
      result.errors.hasPrefix(
        "error: a card number does not belong in a command line; use a payment method; see"))
  }

  /// The sandbox takes test cards, so what is wrong with its words is said.
  @Test func aSandboxCommandSaysWhatIsWrong() async throws {
    let result = try await TestWorld().run("sandbox show --crad 4242424242424242")
    #expect(result.exit == .usage)
    #expect(result.errors == "error: unknown option --crad; see billing sandbox show --help\n")
  }

  @Test func theLineOfAFile() {
    #expect(CardNumber.line(in: "a: 1\r\nb: 4242 4242 4242 4242\r\n") == 2)
    #expect(CardNumber.line(in: "4242\n4242\n4242\n4242\n") == nil)
  }

  @Test(arguments: [
    "plans validate", "plans list", "plans page --html page.html", "plans seed", "plans diff",
    "customer create --email ada@example.com",
  ]) func refusedInTheCatalogue(_ line: String) async throws {
    let world = try TestWorld()
    let text = try String(contentsOfFile: Repository.root + "/plans.yaml", encoding: .utf8)
    let count = text.split(separator: "\n", omittingEmptySubsequences: false).count
    try world.write(text + "# for 4242-4242-4242-4242\n", to: "plans.yaml")
    let result = await world.run("--sandbox --quiet " + line)
    #expect(
      result
        == TestWorld.Result(
          exit: .usage, output: "",
          errors: """
            error: plans.yaml:\(count): a card number does not belong in the catalogue
            hint: remove it; a customer's card is a payment method (pm_…)

            """))
    #expect(!world.exists("page.html"))
  }
}
