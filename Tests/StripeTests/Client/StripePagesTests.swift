import Basics
import Testing

@testable import Stripe

@Suite(.tags(.unit)) struct StripePagesTests {
  private static func page(_ ids: String..., more: Bool) -> ScriptedTransport.Answer {
    let data = ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
    return .answer(200, #"{"object":"list","data":[\#(data)],"has_more":\#(more)}"#)
  }

  /// The ids of all objects, and the queries with which they were fetched.
  private func fetch(
    _ answers: [ScriptedTransport.Answer], _ parameters: JSONObject = [:]
  ) async throws -> (ids: [String], queries: [String]) {
    try await ScriptedTransport.play(answers) { transport in
      let client = StripeClient(
        transport: transport, configuration: StripeClient.Configuration(sleep: { _ in }))
      var ids: [String] = []
      for try await object in client.objects(StripePath("customers"), parameters) {
        ids.append(object["id"]?.string ?? "?")
      }
      return (ids, transport.requests.map { String($0.url.split(separator: "?")[1]) })
    }
  }

  @Test func followsTheCursor() async throws {
    let (ids, queries) = try await fetch(
      [Self.page("a", "b", more: true), Self.page("c", more: true), Self.page("d", more: false)],
      ["email": "x"])
    #expect(ids == ["a", "b", "c", "d"])
    #expect(
      queries == [
        "email=x&limit=100", "email=x&limit=100&starting_after=b",
        "email=x&limit=100&starting_after=c",
      ])
  }

  @Test func keepsTheLimitOfTheCaller() async throws {
    let queries = try await fetch([Self.page("a", more: false)], ["limit": 3]).queries
    #expect(queries == ["limit=3"])
  }

  @Test(arguments: [
    [page("a", more: true), page(more: true)],
    [page("a", more: true), page("a", more: true)],
    [page("a", more: true), page("b", more: true), page("a", more: true)],
    [page("a", more: true), .answer(200, #"{"data":[{}],"has_more":true}"#)],
    [page("a", more: true), .answer(200, #"{"data":[]}"#)],
  ])
  func ends(_ answers: [ScriptedTransport.Answer]) async throws {
    #expect(try await fetch(answers).ids.first == "a")
  }

  @Test func failsWhereNoListComes() async throws {
    await #expect(
      throws: StripeError.noAnswer(
        StripeError.Failure(
          status: 200, detail: "/v1/customers answered no list: list cus_1: data is not a list"))
    ) { _ = try await fetch([.answer(200, #"{"id":"cus_1"}"#)]) }
  }

  @Test func failsInTheMiddleAndThenEnds() async throws {
    let answers = [Self.page("a", more: true), .error(403, code: "x")]
    await ScriptedTransport.play(answers) { transport in
      let client = StripeClient(
        transport: transport, configuration: StripeClient.Configuration(sleep: { _ in }))
      var pages = client.pages(StripePath("customers")).makeAsyncIterator()
      do throws(StripeError) {
        let first = try await pages.next()
        #expect(first?.objects == [["id": "a"]])
        #expect(first?.response.requestID == nil)
        _ = try await pages.next()
        Issue.record("the second page was refused")
      } catch {
        #expect(
          error
            == .refused(
              StripeError.Refusal(
                status: 403, type: "invalid_request_error", code: "x", message: "no")))
      }
      let after = try? await pages.next()
      #expect(after == nil)
    }
  }
}
