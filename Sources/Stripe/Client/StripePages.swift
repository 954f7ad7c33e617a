package import Basics

/// One page of a list, with the answer in which it came.
package struct StripePage: Sendable {
  package let objects: [JSON]
  package let response: StripeResponse
}

/// The pages of a list, each fetched when it is asked for
/// (https://docs.stripe.com/api/pagination/auto).
///
/// Ends at a page that is the last or empty, and at one whose cursor was there before: a server
/// that repeats itself must not keep us for ever.
package struct StripePages: AsyncSequence, Sendable {
  package typealias Element = StripePage
  package typealias Failure = StripeError

  let client: StripeClient
  let path: StripePath
  let parameters: JSONObject

  package func makeAsyncIterator() -> Iterator {
    var parameters = parameters
    if parameters["limit"] == nil { parameters["limit"] = 100 }
    return Iterator(client: client, path: path, parameters: parameters)
  }

  package struct Iterator: AsyncIteratorProtocol {
    let client: StripeClient
    let path: StripePath
    var parameters: JSONObject
    private var cursors: Set<String> = []
    private var isAtEnd = false

    init(client: StripeClient, path: StripePath, parameters: JSONObject) {
      (self.client, self.path, self.parameters) = (client, path, parameters)
    }

    package mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(StripeError) -> StripePage? {
      try await nextPage()
    }

    package mutating func next() async throws(StripeError) -> StripePage? { try await nextPage() }

    private mutating func nextPage() async throws(StripeError) -> StripePage? {
      guard !isAtEnd else { return nil }
      isAtEnd = true
      let response = try await client.send(StripeRequest(.get, path, parameters))
      let list: StripeList
      do throws(MalformedObject) {
        list = try StripeList(response.json)
      } catch {
        throw .noAnswer(
          StripeError.Failure(
            status: 200, detail: "\(path) answered no list: \(error)",
            requestID: response.requestID))
      }
      if list.hasMore, let cursor = list.data.last?["id"]?.string, cursors.insert(cursor).inserted {
        parameters["starting_after"] = .string(cursor)
        isAtEnd = false
      }
      return StripePage(objects: list.data, response: response)
    }
  }
}

/// The objects of a list, page after page.
package struct StripeObjects: AsyncSequence, Sendable {
  package typealias Element = JSON
  package typealias Failure = StripeError

  let pages: StripePages

  package func makeAsyncIterator() -> Iterator { Iterator(pages: pages.makeAsyncIterator()) }

  package struct Iterator: AsyncIteratorProtocol {
    private var pages: StripePages.Iterator
    private var page: ArraySlice<JSON> = []

    init(pages: StripePages.Iterator) { self.pages = pages }

    package mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(StripeError) -> JSON? {
      try await nextObject()
    }

    package mutating func next() async throws(StripeError) -> JSON? { try await nextObject() }

    private mutating func nextObject() async throws(StripeError) -> JSON? {
      while page.isEmpty {
        guard let next = try await pages.next() else { return nil }
        page = next.objects[...]
      }
      return page.popFirst()
    }
  }
}

extension StripeClient {
  /// All pages of a list, 100 objects each where the parameters do not say otherwise.
  package func pages(_ path: StripePath, _ parameters: JSONObject = [:]) -> StripePages {
    StripePages(client: self, path: path, parameters: parameters)
  }

  /// All objects of a list, newest first.
  package func objects(_ path: StripePath, _ parameters: JSONObject = [:]) -> StripeObjects {
    StripeObjects(pages: pages(path, parameters))
  }
}
