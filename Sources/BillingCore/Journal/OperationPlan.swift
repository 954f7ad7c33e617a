package import Basics
package import Stripe

/// What a user asked for, before anything is read of how things stand: two intents with equal
/// words mean the same, whatever has happened in between.
package struct OperationIntent: Sendable, Hashable {
  package var command: String
  /// Whom it is about, where that customer exists.
  package var customerID: String?
  /// The address of that customer, or of the one that it makes.
  package var email: String?
  package var words: JSONObject

  package init(
    command: String, customerID: String? = nil, email: String? = nil, words: JSONObject
  ) {
    self.command = command
    self.customerID = customerID
    self.email = email
    self.words = words
  }

  /// Command and words as one text, in a fixed order of keys.
  package var meaning: String {
    let sorted = words.members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return "\(command) \(JSON.object(JSONObject(uniqueKeysWithValues: sorted)).compact)"
  }

  /// Whether an operation stands in the way: it means the same, or the same command was about the
  /// same customer, so that what is read of that customer may be the work of its lost answer.
  func isKept(waitingBy operation: BillingOperation) -> Bool {
    if operation.meaning == meaning { return true }
    guard operation.command == command else { return false }
    if let customer = operation.customerID { return customer == customerID }
    guard let email else { return false }
    return operation.steps.first?.parameters["email"]?.string == email
  }
}

/// A change at Stripe that has been thought through but not begun: the very list of requests that
/// a dry run shows and that is carried out.
package struct OperationPlan: Sendable, Hashable {
  package var command: String
  package var customerID: String?
  /// What the user asked for, with references resolved; two plans with equal words mean the same.
  package var words: JSONObject
  package var steps: [OperationStep]

  package init(
    command: String, customerID: String?, words: JSONObject, steps: [OperationStep]
  ) {
    self.command = command
    self.customerID = customerID
    self.words = words
    self.steps = steps
  }

  /// The steps by which an intent comes about.
  package init(_ intent: OperationIntent, steps: [OperationStep]) {
    self.init(
      command: intent.command, customerID: intent.customerID, words: intent.words, steps: steps)
  }

  package var intent: OperationIntent {
    OperationIntent(command: command, customerID: customerID, words: words)
  }

  package var meaning: String { intent.meaning }

  /// The calls in their order, with names in braces for ids that are not known yet.
  package var requests: [StripeRequest] {
    steps.map { $0.request(results: [], key: nil) }
  }
}
