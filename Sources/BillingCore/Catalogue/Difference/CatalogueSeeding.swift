import Basics
package import Stripe

/// Carries the changes of a difference out, those at once that do not need one another.
///
/// No journal is needed for it: ids, lookup keys, event names and codes are unique at Stripe, so
/// that a run which was cut short is continued by the next, and nothing is made twice.
package struct CatalogueSeeding: Sendable {
  package struct Failure: Sendable {
    package let change: CatalogueChange
    package let reason: Reason
  }

  package enum Reason: Sendable {
    case stripe(StripeError)
    /// What it needs was not made: `product billing_pro`.
    case needs(String)
    /// The response could not be taken in.
    case response(any Error)
  }

  package struct Outcome: Sendable {
    package var applied: [CatalogueChange] = []
    package var failures: [Failure] = []
    fileprivate var ids: [String: String] = [:]

    /// The id of the object of a change, where Stripe chose it as well.
    package func id(of change: CatalogueChange) -> String? {
      change.id ?? change.brings.flatMap { ids[$0] }
    }
  }

  /// More changes than that are not under way at once; the client keeps to the rate limit.
  private static let width = 16

  /// Sends the changes. `apply` is given each response before what follows on it is sent;
  /// `onProgress` hears after each change how many of how many are done.
  package static func run(
    _ difference: CatalogueDifference, client: StripeClient,
    apply: @escaping @Sendable (StripeResponse) async throws -> Void = { _ in },
    onProgress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async -> Outcome {
    var waiting = Array(difference.changes.enumerated())
    let made = Set(waiting.compactMap { $0.element.brings })
    var ids = difference.ids
    var failed: [Int: Reason] = [:]
    var settled: [Int] = []
    // What is not made in this run exists already.
    func isReady(_ change: CatalogueChange) -> Bool {
      change.needs.allSatisfy { !made.contains($0) || ids[$0] != nil }
    }
    while !waiting.isEmpty {
      let ready = waiting.filter { isReady($0.element) }
      guard !ready.isEmpty else {
        for (index, change) in waiting {
          let missing = change.needs.first { made.contains($0) && ids[$0] == nil }
          failed[index] = .needs(missing ?? "an earlier change")
        }
        break
      }
      waiting.removeAll { entry in ready.contains { $0.offset == entry.offset } }
      await send(ready, ids: ids, client: client, apply: apply) { index, result in
        settled.append(index)
        switch result {
        case .success(let id):
          if let name = difference.changes[index].brings { ids[name] = id }
        case .failure(let error): failed[index] = error.reason
        }
        onProgress(settled.count, difference.changes.count)
      }
    }
    var outcome = Outcome(ids: ids)
    for (index, change) in difference.changes.enumerated() {
      if let reason = failed[index] {
        outcome.failures.append(Failure(change: change, reason: reason))
      } else {
        outcome.applied.append(change)
      }
    }
    return outcome
  }

  private struct Refusal: Error {
    let reason: Reason
  }

  private typealias Entry = EnumeratedSequence<[CatalogueChange]>.Element

  private static func send(
    _ entries: [Entry], ids: [String: String], client: StripeClient,
    apply: @escaping @Sendable (StripeResponse) async throws -> Void,
    onResult: (Int, Result<String, Refusal>) -> Void
  ) async {
    await withTaskGroup(of: (Int, Result<String, Refusal>).self) { group in
      var rest = entries[...]
      func startNext() {
        guard let entry = rest.popFirst() else { return }
        group.addTask {
          (entry.offset, await send(entry.element, ids: ids, client: client, apply: apply))
        }
      }
      for _ in 0..<width { startNext() }
      for await (index, result) in group {
        onResult(index, result)
        startNext()
      }
    }
  }

  /// The id of what the first call brought.
  private static func send(
    _ change: CatalogueChange, ids: [String: String], client: StripeClient,
    apply: @Sendable (StripeResponse) async throws -> Void
  ) async -> Result<String, Refusal> {
    var brought: String?
    for call in change.calls {
      let response: StripeResponse
      do throws(StripeError) {
        response = try await client.send(call.request(ids: ids))
      } catch {
        return .failure(Refusal(reason: .stripe(error)))
      }
      brought = brought ?? response.json["id"]?.string
      do {
        try await apply(response)
      } catch {
        return .failure(Refusal(reason: .response(error)))
      }
    }
    return .success(brought ?? change.id ?? "")
  }
}
