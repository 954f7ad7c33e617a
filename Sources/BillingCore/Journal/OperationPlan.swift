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
    if let customerID, let other = operation.customerID { return customerID == other }
    guard let email else { return false }
    return operation.steps.first?.parameters["email"]?.string == email
  }
}

/// A change at Stripe that has been thought through but not begun: the very list of requests that
/// a dry run shows and that is carried out.
package struct OperationPlan: Sendable, Hashable {
  package var intent: OperationIntent
  package var steps: [OperationStep]
  /// How long the journal was when what the plan rests on was read, where a second one of its kind
  /// would do harm: work that another process began since then is not done twice.
  package var journalPosition: Int64?

  package init(_ intent: OperationIntent, steps: [OperationStep]) {
    self.intent = intent
    self.steps = steps
  }

  package init(
    command: String, customerID: String?, words: JSONObject, steps: [OperationStep]
  ) {
    self.init(
      OperationIntent(command: command, customerID: customerID, words: words), steps: steps)
  }

  package var command: String { intent.command }
  package var customerID: String? { intent.customerID }
  package var meaning: String { intent.meaning }

  /// The calls in their order, with names in braces for ids that are not known yet.
  package var requests: [StripeRequest] {
    steps.map { $0.request(results: [], key: nil) }
  }
}
