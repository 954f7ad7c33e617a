import Basics
import Stripe
import Testing

@testable import BillingCore

/// Two processes that hand on to one address.
@Suite(.tags(.unit)) struct ForwardLockTests {
  private static let url = "http://127.0.0.1:3000/hook"
  private let folder: TemporaryFolder
  private let store: Store

  init() throws {
    folder = try TemporaryFolder()
    store = try Store.open(at: folder.file("billing.db"), now: { noon })
  }

  @Test func oneSendsToAnAddressAtATime() throws {
    let first = try #require(try ForwardLock.take(Self.url, of: store))
    #expect(try ForwardLock.take(Self.url, of: store) == nil)
    let other = try #require(try ForwardLock.take("https://a.b", of: store))
    other.release()
    first.release()
    let again = try #require(try ForwardLock.take(Self.url, of: store))
    again.release()
    #expect(folder.files.filter { $0.contains("forward") } == [])
  }

  @Test func whileAnotherSendsNothingIsSentTwice() async throws {
    let json: JSON = [
      "id": "evt_1", "object": "event", "type": "customer.created", "created": 1,
      "livemode": false, "data": ["object": Sample.customer()],
    ]
    _ = try Inbox(store: store, mirror: .sample)
      .take([try IncomingEvent(Array(json.compact.utf8), verdict: .trusted)])
    let endpoint = FakeEndpoint()
    let forwarding = EventForwarding(
      to: try ForwardDestination(Self.url), store: store, secret: Secret("whsec_one"),
      surroundings: .init(
        transport: endpoint, now: { noon }, uptimeMilliseconds: { 0 }, pause: { _ in }))
    _ = try forwarding.ask(["evt_1"])
    let lock = try #require(try ForwardLock.take(Self.url, of: store))
    let summary = try await forwarding.run()
    #expect(summary.isElsewhere && summary.waiting == 1 && endpoint.events == [])
    lock.release()
    let second = try await forwarding.run()
    #expect(!second.isElsewhere && second.delivered == 1 && endpoint.events == ["evt_1"])
  }
}

extension ForwardLock: Equatable {
  static func == (left: ForwardLock, right: ForwardLock) -> Bool { left === right }
}
