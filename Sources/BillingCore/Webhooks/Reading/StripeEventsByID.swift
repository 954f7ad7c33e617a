import Basics
package import Stripe

/// Events of Stripe's that are asked for one by one.
package actor StripeEventsByID: EventSource {
  private let client: StripeClient
  private var ids: ArraySlice<String>

  package init(_ ids: [String], client: StripeClient) {
    self.client = client
    self.ids = ids[...]
  }

  package func next() async throws -> EventBatch? {
    guard let id = ids.popFirst() else { return nil }
    let answer = try await self.answer(id)
    var batch = EventBatch()
    batch.readings = [StripeEventList.reading(answer.json)]
    batch.length = 1
    return batch
  }

  private func answer(_ id: String) async throws -> StripeResponse {
    do throws(StripeError) {
      return try await client.send(StripeRequest(.get, StripePath("events", id)))
    } catch {
      if case .refused(let refusal) = error, refusal.status == 404 { throw UnknownEvent(id: id) }
      throw error
    }
  }
}

/// An event that Stripe does not have, or has no more.
package struct UnknownEvent: Error, Sendable, Hashable {
  package let id: String
}
