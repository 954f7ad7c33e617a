import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct CustomerDirectoryTests {
  private static let search = "GET /v1/customers/search?query=metadata%5B%27"

  private func list(_ customers: JSON...) -> ScriptedTransport.Answer {
    .json(["object": "list", "data": .array(customers), "has_more": false])
  }

  private let missing = ScriptedTransport.Answer.json(
    ["error": ["type": "invalid_request_error", "code": "resource_missing", "message": "No such"]],
    status: 404)

  private func directory(_ bench: Workbench, isLocal: Bool = false) -> CustomerDirectory {
    CustomerDirectory(
      store: bench.store, mirror: .sample, gateway: isLocal ? nil : bench.runner.gateway,
      externalIDKeys: ["billing_external_id", "user_id"])
  }

  /// Finds at Stripe, then, without asking it, in the mirror.
  private func find(
    _ reference: CustomerReference, _ expected: [(String, ScriptedTransport.Answer)]
  ) async throws -> [String] {
    let bench = try Workbench(expected)
    let found = try await directory(bench).customers(reference).map { $0.id }
    bench.transport.finish()
    #expect(try await directory(bench, isLocal: true).customers(reference).map { $0.id } == found)
    return found
  }

  @Test func byID() async throws {
    let request = "GET /v1/customers/cus_1"
    #expect(try await find(.id("cus_1"), [(request, .json(Sample.customer()))]) == ["cus_1"])
    #expect(try await find(.id("cus_1"), [(request, missing)]) == [])
    let deleted: JSON = ["id": "cus_1", "object": "customer", "deleted": true]
    #expect(try await find(.id("cus_1"), [(request, .json(deleted))]) == [])
  }

  @Test func byAddress() async throws {
    let request = "GET /v1/customers?email=one%40example.com&limit=100"
    let answer = list(Sample.customer(), Sample.customer("cus_2"))
    let found = try await find(.email("one@example.com"), [(request, answer)])
    #expect(found.sorted() == ["cus_1", "cus_2"])
  }

  @Test func byAnIDOfYoursThatTheMirrorKnows() async throws {
    let customer = Sample.customer(metadata: ["user_id": "u-7"])
    let bench = try Workbench([
      ("GET /v1/customers/cus_1", .json(customer)), ("GET /v1/customers/cus_1", .json(customer)),
    ])
    let directory = directory(bench)
    _ = try await directory.customer(.id("cus_1"))
    let found = try await directory.customer(.externalID("u-7"))
    #expect(found.id == "cus_1" && found.externalID == "u-7")
    bench.transport.finish()
  }

  @Test func anIDThatMovedIsSearchedFor() async throws {
    let before = Sample.customer(metadata: ["user_id": "u-7"])
    let after = Sample.customer(metadata: ["user_id": "u-8"])
    let other = Sample.customer("cus_2", metadata: ["user_id": "u-7"])
    let bench = try Workbench([
      ("GET /v1/customers/cus_1", .json(before)), ("GET /v1/customers/cus_1", .json(after)),
      (Self.search + "billing_external_id%27%5D%3A%27u-7%27&limit=100", list()),
      (Self.search + "user_id%27%5D%3A%27u-7%27&limit=100", list(other)),
    ])
    let directory = directory(bench)
    _ = try await directory.customer(.id("cus_1"))
    #expect(try await directory.customer(.externalID("u-7")).id == "cus_2")
    bench.transport.finish()
  }

  @Test func quotesCannotLeaveTheirPlaceInASearch() async throws {
    let query = #"billing_external_id%27%5D%3A%27a%5C%27b%5C%5C%27&limit=100"#
    let second = #"user_id%27%5D%3A%27a%5C%27b%5C%5C%27&limit=100"#
    #expect(
      try await find(
        .externalID(#"a'b\"#), [(Self.search + query, list()), (Self.search + second, list())])
        == [])
  }

  @Test func nobodyAndTooMany() async throws {
    let request = "GET /v1/customers?email=one%40example.com&limit=100"
    let reference = CustomerReference.email("one@example.com")
    let none = try Workbench([(request, list())])
    await #expect(throws: CustomerError.notFound(reference)) {
      try await directory(none).customer(reference)
    }
    let two = try Workbench([(request, list(Sample.customer(), Sample.customer("cus_2")))])
    await #expect {
      try await directory(two).customer(reference)
    } throws: { error in
      guard case CustomerError.ambiguous(reference, let candidates) = error else { return false }
      return candidates.map { $0.id } == ["cus_1", "cus_2"]
    }
  }
}
