package import Basics
import Stripe

extension OperationRunner {
  /// What Stripe answered to the last step of an operation that is done, told once more: it keeps
  /// the answer under the key for a day, and in it what it tells only once. Nil where the key may
  /// be forgotten, since the step would then be done a second time, and where nothing is kept.
  package func keptAnswer(of operation: BillingOperation) async -> JSON? {
    guard operation.state == .done, Recovery(runner: self).isYoung(operation) else { return nil }
    var last = operation
    last.nextStep = operation.steps.count - 1
    last.results = Array(operation.results.prefix(last.nextStep))
    return try? await gateway.client.send(last.nextRequest).json
  }
}
