import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct LoggingTransportTests {
  private func log(_ format: LogFormat, _ answer: ScriptedTransport.Answer) async -> String {
    let errors = MemoryOutput()
    let transport = LoggingTransport(
      transport: ScriptedTransport([answer]), errors: errors, format: format,
      uptimeMilliseconds: { 0 })
    _ = try? await transport.send(
      HTTPRequest(
        method: .get, url: "https://api.stripe.com/v1/customers?email=ada%40example.com",
        headers: ["Authorization": "Bearer sk_test_abcdefghijkl"]))
    return errors.text
  }

  private static let refused = ScriptedTransport.Answer.failure(
    TransportError(kind: .refused, mayHaveReachedServer: false, detail: "refused"))

  @Test func asText() async {
    #expect(await log(.text, .json("{}")) == "GET /v1/customers 200 0 ms req_1\n")
    #expect(await log(.text, Self.refused) == "GET /v1/customers refused 0 ms\n")
  }

  @Test func asJSON() async {
    #expect(
      await log(.json, .json("{}")) == """
        {"method":"GET","path":"/v1/customers","status":200,"error":null,"duration_ms":0,\
        "request_id":"req_1"}

        """)
    #expect(
      await log(.json, Self.refused) == """
        {"method":"GET","path":"/v1/customers","status":null,"error":"refused","duration_ms":0,\
        "request_id":null}

        """)
  }
}
