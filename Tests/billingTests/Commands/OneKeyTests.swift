import Basics
import Testing

@testable import billing

/// An `--idempotency-key` stands for one change, whatever kind of change it is.
@Suite(.tags(.unit)) struct OneKeyTests {
  /// A change of each place in which keys are written down.
  private static let lines = [
    "customer update ada@example.com --name Ada",
    "tokens grant ada@example.com 5 --reference r-1",
    "apikey create ada@example.com --name ci",
    "entitlement set ada@example.com projects 3 --note why",
    "usage record ada@example.com ai_requests 1",
    "usage set ada@example.com projects 1",
    "gate check ada@example.com projects --consume 1",
  ]

  @Test(arguments: lines) func aKeyIsRefusedForEveryOtherChange(_ line: String) async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json("customer create --email ada@example.com")
    let first = try await shop.json(line + " --idempotency-key k")
    let command = line.split(separator: " ").prefix(2).joined(separator: " ")
    for other in Self.lines where other != line {
      #expect(
        try await shop.failure(other + " --idempotency-key k") == """
          5 idempotency_mismatch: the key k was used for other words of \(command); \
          take another --idempotency-key
          """)
    }
    #expect(try await shop.json(line + " --idempotency-key k")["id"] == first["id"])
  }

  @Test func aPageOfThePortalIsRefusedAKeyOfOurOwn() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json("customer create --email ada@example.com")
    _ = try await shop.json("tokens grant ada@example.com 5 --reference r-1 --idempotency-key k")
    #expect(
      try await shop.failure(
        "portal ada@example.com --return-url https://example.com --idempotency-key k"
      ).hasPrefix("5 idempotency_mismatch: the key k was used for other words of tokens grant"))
  }
}
