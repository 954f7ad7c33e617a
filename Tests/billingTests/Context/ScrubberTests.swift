import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct ScrubberTests {
  @Test func takesSecretsOut() {
    let scrubber = Scrubber()
    scrubber.add(Secret("sk_test_abcdefghijkl"))
    scrubber.add(Secret("whsec_one,whsec_two2"))
    #expect(
      scrubber.scrub("a sk_test_abcdefghijkl b whsec_one c whsec_two2 d")
        == "a **** b **** c **** d")
    #expect(scrubber.scrub("nothing") == "nothing")
  }

  @Test func theLongestFirst() {
    let scrubber = Scrubber()
    scrubber.add(Secret("abcdefgh"))
    scrubber.add(Secret("abcdefghijkl"))
    #expect(scrubber.scrub("abcdefghijkl abcdefgh") == "**** ****")
  }

  @Test func shortWordsAreNoSecrets() {
    let scrubber = Scrubber()
    scrubber.add(Secret("abc"))
    #expect(scrubber.scrub("abc") == "abc")
  }

  /// A server that echoes the key in an error does not make us print it.
  @Test func inWhatAServerSays() async throws {
    let key = "sk_test_abcdefghijkl"
    let transport = ScriptedTransport([
      .json(
        #"{"error":{"type":"invalid_request_error","message":"Invalid API Key: \#(key)"}}"#,
        status: 401)
    ])
    let result = try await TestWorld().run(
      "doctor --json", environment: ["STRIPE_SECRET_KEY": key], transport: transport)
    #expect(result.exit == .configuration)
    #expect(!result.output.contains(key) && !result.errors.contains(key))
    #expect(result.output.contains("Invalid API Key: sk_test_****ijkl"))
  }
}
