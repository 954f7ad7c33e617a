import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct SandboxFaultTests {
  @Test func wordsBecomeAFault() throws {
    let fault = try Words.parsed(
      "sandbox fault add slow --path '/v1/*' --count 3 --probability 0.5 --delay 2",
      as: SandboxFaultAdd.self
    ).fault
    #expect(
      fault == [
        "kind": "slow", "path": "/v1/*", "count": 3, "probability": "0.5", "delay_seconds": 2,
      ])
  }

  @Test(arguments: [
    ("rate_limt", "did you mean rate_limit?"),
    ("slow --count 0", "--count must be from 1 to 1000000, not 0"),
    ("slow --probability 2", "--probability must be a number from 0 to 1, not '2'"),
    ("slow --probability often", "--probability must be a number from 0 to 1, not 'often'"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    let line = Words.mistake("sandbox fault add \(words)")
    #expect(line?.contains(message) == true, "\(line ?? "understood")")
  }

  @Test func strikesAsOftenAsItSays() async throws {
    let shop = try await Shop(seeds: false)
    let added = try await shop.json("sandbox fault add api_error --path '/v1/customers*' --count 1")
    #expect(added["kind"] == "api_error")
    #expect(
      try await shop.failure("sandbox call get /v1/customers --max-retries 0").hasPrefix("7 "))
    let listed = try await shop.json("sandbox fault list")
    #expect((listed["data"]?.array ?? []).map { $0["struck"] } == [1])
    _ = try await shop.json("sandbox call get /v1/customers")
    #expect(try await shop.json("sandbox fault clear")["cleared"] == 1)
    #expect(try await shop.json("sandbox fault list")["data"] == [])
  }
}
