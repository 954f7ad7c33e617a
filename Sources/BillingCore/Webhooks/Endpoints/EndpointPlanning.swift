package import Basics
package import Stripe

/// A webhook endpoint that somebody wants.
package struct EndpointWish: Sendable, Hashable {
  package var url: String
  /// Types of events, or `*` alone.
  package var events: [String]
  /// In whose layout the events are to be: the one that this program reads.
  package var apiVersion: String

  package init(url: String, events: [String], apiVersion: String) {
    self.url = url
    self.events = events
    self.apiVersion = apiVersion
  }
}

/// Why nothing can be done with a webhook endpoint as things stand.
package enum EndpointConflict: Error, Sendable, Hashable {
  case unknown(id: String)
  /// A second one for the same address would bring every event twice.
  case exists(id: String, url: String)
}

/// The changes of webhook endpoints as plans: pure, so that a dry run shows what a run does.
package enum EndpointPlanning {
  package static let list: [JSON] = ["webhook_endpoints"]

  package static func creation(_ wish: EndpointWish) -> OperationIntent {
    OperationIntent(
      command: "webhook endpoints create",
      words: [
        "url": .string(wish.url), "events": .array(wish.events.map { .string($0) }),
        "api_version": .string(wish.apiVersion),
      ])
  }

  package static func create(
    _ wish: EndpointWish, besides existing: [WebhookEndpoint]
  ) throws(EndpointConflict) -> OperationPlan {
    if let other = existing.first(where: { $0.url == wish.url }) {
      throw .exists(id: other.id, url: other.url)
    }
    let step = OperationStep(
      .post, list,
      [
        "url": .string(wish.url), "enabled_events": .array(wish.events.map { .string($0) }),
        "api_version": .string(wish.apiVersion),
      ], check: .created(list: list, parameters: [:]))
    return OperationPlan(creation(wish), steps: [step])
  }

  package static func deletion(of id: String) -> OperationIntent {
    OperationIntent(command: "webhook endpoints delete", words: ["endpoint": .string(id)])
  }

  package static func delete(_ id: String) -> OperationPlan {
    let path = list + [.string(id)]
    return OperationPlan(
      deletion(of: id), steps: [OperationStep(.delete, path, check: .ended(object: path))])
  }
}
