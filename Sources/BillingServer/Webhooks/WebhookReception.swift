import Basics
import BillingCore
import Stripe

/// Answers a delivery: 200 only for what a secret of ours signed and what is durable by then.
struct WebhookReception: Sendable {
  let secrets: [Secret]
  let collector: ReceiptCollector
  let metrics: ListenerMetrics
  /// The machine's clock, by which the age of a signature counts.
  let now: @Sendable () -> Timestamp

  func answer(to body: [UInt8], signature: String?) async -> ListenerAnswer {
    let event: IncomingEvent
    switch read(body, signature: signature) {
    case .failure(let answer): return answer.value
    case .success(let verified): event = verified
    }
    var answer: ListenerAnswer
    do {
      answer = .taken(try await collector.keep(event))
    } catch {
      answer = reject(.notKept, "the event could not be kept; send it again later").value
    }
    (answer.eventID, answer.eventType) = (event.event.id, event.event.type)
    return answer
  }

  private struct Rejected: Error {
    let value: ListenerAnswer
  }

  private func read(_ body: [UInt8], signature: String?) -> Result<IncomingEvent, Rejected> {
    guard let signature else {
      return .failure(reject(.noSignature, "there is no Stripe-Signature header"))
    }
    do {
      try WebhookSignature.verify(
        payload: body, header: signature, secrets: secrets,
        toleranceSeconds: WebhookSignature.defaultToleranceSeconds, now: now())
    } catch {
      return .failure(reject(DeliveryRejection(error), error.rawValue))
    }
    metrics.count { $0.verified += 1 }
    do {
      return .success(try IncomingEvent(body, verdict: .verified))
    } catch {
      return .failure(reject(.notAnEvent, "the body is no event of Stripe's"))
    }
  }

  private func reject(_ reason: DeliveryRejection, _ message: String) -> Rejected {
    metrics.count { $0.rejected[reason, default: 0] += 1 }
    return Rejected(value: .rejected(reason, message))
  }
}
