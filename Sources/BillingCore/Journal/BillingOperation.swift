package import Basics
package import Stripe

/// A row of the journal: one command's change, written down before anything of it is sent.
package struct BillingOperation: Sendable, Hashable {
  package enum State: String, Sendable {
    /// Written down; nothing was sent.
    case prepared
    /// A step was sent or is about to be; no answer is written down yet.
    case sent
    case done
    /// It did not come about, and will not under this key.
    case failed
    /// It may have been executed and no readable answer came.
    case unknown
  }

  /// Why it failed or is unknown, in the words of the error contract.
  package struct Failure: Sendable, Hashable {
    package var code: String
    package var message: String
    package var requestID: String?
    /// The ids of what was made and stays, since somebody uses it by now.
    package var left: [String] = []

    package init(code: String, message: String, requestID: String? = nil) {
      self.code = code
      self.message = message
      self.requestID = requestID
    }

    /// Whether nothing reached Stripe, so that the same may be sent under its key once more.
    var isSafeToSendAgain: Bool { ["network", "timeout", "rate_limit"].contains(code) }
  }

  package let id: String
  package let key: IdempotencyKey
  package let command: String
  package let meaning: String
  package var customerID: String?
  /// Who did it: `BILLING_ACTOR`, else user@host.
  package let actor: String
  package let steps: [OperationStep]
  package let created: Timestamp

  package var state = State.prepared
  /// The ids of the objects that the finished steps brought.
  package var results: [String] = []
  package var nextStep = 0
  /// Whether Stripe saved a 5xx under the key of the next step, so that it would only be replayed.
  package var isKeyBurnt = false
  package var objectID: String?
  package var error: Failure?

  package init(
    id: String, key: IdempotencyKey, command: String, meaning: String, customerID: String?,
    actor: String, steps: [OperationStep], created: Timestamp
  ) {
    self.id = id
    self.key = key
    self.command = command
    self.meaning = meaning
    self.customerID = customerID
    self.actor = actor
    self.steps = steps
    self.created = created
  }

  /// The same operation, begun once more by a run that planned anew, under the same key. What was
  /// done stays done, and what is left is as it was planned then.
  func reopened(by plan: OperationPlan, at now: Timestamp) -> BillingOperation {
    var again = BillingOperation(
      id: id, key: key, command: command, meaning: meaning,
      customerID: plan.customerID ?? customerID,
      actor: actor, steps: nextStep == 0 ? plan.steps : steps, created: now)
    (again.results, again.nextStep, again.objectID) = (results, nextStep, objectID)
    return again
  }

  package var isSettled: Bool { state == .done || state == .failed }

  /// Whether it failed for good: another try of the same takes another key.
  package var keepsItsFailure: Bool {
    state == .failed && error?.isSafeToSendAgain != true
  }

  /// The longest key that a user may give: room is left for the steps' suffixes.
  package static let maximumKeyLength = 240

  /// How the keys begin that are made where the user gives none.
  static func ownKeyPrefix(_ id: String) -> String { "billing-\(id)-" }

  /// Whether the key was made for this operation alone, so that nobody can send it again.
  var hasOwnKey: Bool { key.text.hasPrefix(Self.ownKeyPrefix(id)) }

  /// `KEY` for the first call, `KEY:2` for the second.
  func key(ofStep step: Int) -> IdempotencyKey? {
    step == 0 ? key : IdempotencyKey("\(key.text):\(step + 1)")
  }

  /// The call of the next step; a create carries the operation's id.
  var nextRequest: StripeRequest {
    let step = steps[nextStep]
    var request = step.request(results: results, key: key(ofStep: nextStep))
    if case .created = step.check {
      var metadata = request.parameters["metadata"]?.object ?? [:]
      metadata[OperationStep.operationMetadataKey] = .string(id)
      request.parameters["metadata"] = .object(metadata)
    }
    return request
  }
}

extension BillingOperation.Failure {
  var json: JSON {
    [
      "code": .string(code), "message": .string(message), "request_id": JSON(requestID),
      "left": .array(left.map(JSON.string)),
    ]
  }

  init(_ json: JSON) {
    self.init(
      code: json["code"]?.string ?? "internal", message: json["message"]?.string ?? "",
      requestID: json["request_id"]?.string)
    left = (json["left"]?.array ?? []).compactMap { $0.string }
  }
}
