import Stripe
import Synchronization

/// An application's endpoint that answers all alike.
final class Application: Transport {
  private let state: Mutex<(status: Int, seen: [HTTPRequest])>

  init(status: Int = 200) { state = Mutex((status, [])) }

  var seen: [HTTPRequest] { state.withLock { $0.seen } }
  func answer(_ status: Int) { state.withLock { $0.status = status } }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let status = state.withLock { state in
      state.seen.append(request)
      return state.status
    }
    return HTTPResponse(status: status)
  }
}
