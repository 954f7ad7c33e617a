import Testing

@testable import billing

@Suite(.tags(.unit)) struct CardNumberTests {
  @Test(arguments: [
    "4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242", "378282246310005",
    "3782 822463 10005", "5555555555554444", "6011111111111117", "30569309025904",
    "card 4242424242424242 of Ada", "card: 4242 4242 4242 4242 12/30", "4242424242424242@x.com",
    "4222222222222", "(4242-4242-4242-4242)", "42424242 42424242",
  ]) func found(_ text: String) {
    #expect(CardNumber.stands(in: text))
  }

  @Test(arguments: [
    "4242424242424241", "4242 4242 4242 4241", "424242424242", "42424242424242424242",
    "cus_4242424242424242", "pm_card_visa", "2026-11-20T10:00:00Z", "ada@example.com",
    "order-2026-11-20-000123", "a4242424242424242", "1795168800", "",
    "123e4567-e89b-12d3-a456-426614174000",
  ]) func passed(_ text: String) {
    #expect(!CardNumber.stands(in: text))
  }

  @Test(arguments: [
    ["help", "4242424242424242"], ["version", "--db", "4242424242424242"],
    ["version", "--idempotency-key=4242424242424242"], ["help", "--", "4242 4242 4242 4242"],
  ]) func refusedInAnyWord(_ words: [String]) async throws {
    let result = try await TestWorld().run(words)
    #expect(result.exit == .usage)
    #expect(!result.errors.contains("4242"))
    #expect(
      result.errors.hasPrefix(
        "error: a card number does not belong in a command line; use a payment method; see"))
  }
}
