import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct ForwardVerdictTests {
  @Test(arguments: [
    (200, nil, 1, ForwardVerdict.delivered), (204, nil, 4, .delivered),
    (301, nil, 1, .giveUp), (302, "1", 1, .giveUp), (400, nil, 1, .giveUp), (404, nil, 1, .giveUp),
    (410, nil, 1, .giveUp), (100, nil, 1, .giveUp),
    (500, nil, 1, .tryAgain(afterMilliseconds: 500)),
    (503, nil, 2, .tryAgain(afterMilliseconds: 2_000)),
    (502, nil, 3, .tryAgain(afterMilliseconds: 5_000)), (502, nil, 4, .giveUp),
    (429, "7", 1, .tryAgain(afterMilliseconds: 7_000)),
    (429, "1", 3, .tryAgain(afterMilliseconds: 5_000)),
    (503, "86400", 1, .tryAgain(afterMilliseconds: 30_000)),
    (503, "-5", 1, .tryAgain(afterMilliseconds: 500)),
    (503, "Fri, 20 Nov 2026 10:00:00 GMT", 1, .tryAgain(afterMilliseconds: 500)),
    (408, nil, 1, .tryAgain(afterMilliseconds: 500)),
  ])
  func anAnswer(_ status: Int, _ wait: String?, _ attempt: Int, _ expected: ForwardVerdict) {
    #expect(
      ForwardVerdict.of(.answered(status: status, retryAfter: wait), attempt: attempt) == expected)
  }

  @Test(arguments: [
    (TransportError.Kind.refused, ForwardVerdict.tryAgain(afterMilliseconds: 500)),
    (.timeout, .tryAgain(afterMilliseconds: 500)), (.cut, .tryAgain(afterMilliseconds: 500)),
    (.nameNotResolved, .tryAgain(afterMilliseconds: 500)), (.tls, .giveUp), (.badURL, .giveUp),
  ])
  func noAnswer(_ kind: TransportError.Kind, _ expected: ForwardVerdict) {
    let error = TransportError(kind: kind, mayHaveReachedServer: false, detail: "")
    #expect(ForwardVerdict.of(.failed(error), attempt: 1) == expected)
  }
}
