import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct SandboxCallTests {
  @Test func namesInBracketsBecomeAnObject() throws {
    let call = try Words.parsed(
      "sandbox call post /v1/subscriptions items[0][price]=p items[0][quantity]=2 customer=c",
      as: SandboxCall.self)
    #expect(call.request.path.description == "/v1/subscriptions")
    #expect(
      call.request.parameters == [
        "items": ["0": ["price": "p", "quantity": "2"]], "customer": "c",
      ])
  }

  @Test(arguments: [
    ("put /v1/customers", "METHOD must be get, post or delete, not 'put'"),
    ("get v1", "PATH must be a path without a query (/v1/customers), not 'v1'"),
    (
      "get /v1/c?limit=1",
      "PATH must be a path without a query (/v1/customers), not '/v1/c?limit=1'"
    ),
    ("get /v1/customers limit", "NAME=VALUE expected, not 'limit'"),
    ("get /v1/customers []=1", "NAME=VALUE expected, not '[]=1'"),
    ("get /v1/customers metadata[=1", "NAME=VALUE expected, not 'metadata[=1'"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("sandbox call \(words)") == "\(message); see billing sandbox call --help")
  }

  @Test func elementsWithoutANumberFollowEachOther() throws {
    let call = try Words.parsed(
      "sandbox call get /v1/invoices expand[]=data.customer expand[]=data.payments",
      as: SandboxCall.self)
    #expect(
      call.request.parameters == ["expand": ["0": "data.customer", "1": "data.payments"]])
  }

  @Test func hasNoDryRun() async throws {
    let shop = try await Shop(seeds: false)
    for line in ["call post /v1/customers", "advance 1d", "settings --retry-days 1"] {
      let failure = try await shop.failure("sandbox \(line) --dry-run")
      #expect(failure.hasPrefix("2 usage: this command has no dry run"), "\(line)")
    }
    #expect(try await shop.json("sandbox call get /v1/customers --dry-run")["data"] == [])
  }

  @Test func aListIsARowForEachObject() async throws {
    let shop = try await Shop(seeds: false)
    for email in ["a", "b"] {
      _ = try await shop.json("sandbox call post /v1/customers email=\(email)@example.com")
    }
    func emails(_ format: String) async -> [String] {
      let result = await shop.world.run(
        "--sandbox --quiet sandbox call get /v1/customers --format \(format)")
      return result.output.split(whereSeparator: \.isNewline).map { line in
        ["a@example.com", "b@example.com"].filter { line.contains($0) }.joined(separator: " ")
      }
    }
    #expect(await emails("csv") == ["", "b@example.com", "a@example.com"])
    #expect(await emails("jsonl") == ["b@example.com", "a@example.com"])
  }

  @Test func answersAsStripeDoes() async throws {
    let shop = try await Shop(seeds: false)
    let customer = try await shop.json("sandbox call post /v1/customers email=a@example.com")
    #expect(customer["object"] == "customer" && customer["email"] == "a@example.com")
    let listed = try await shop.json("sandbox call get /v1/customers limit=3")
    #expect(listed["data"]?.array?.count == 1)
    #expect(
      try await shop.failure("sandbox call get /v1/customers/cus_none")
        .hasPrefix("4 not_found: No such customer: 'cus_none'"))
  }
}
