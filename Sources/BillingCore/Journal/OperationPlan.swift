package import Basics
package import Stripe

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

  /// Command and words as one text, in a fixed order of keys.
  package var meaning: String {
    let sorted = words.members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return "\(command) \(JSON.object(JSONObject(uniqueKeysWithValues: sorted)).compact)"
  }

  /// The calls in their order, with names in braces for ids that are not known yet.
  package var requests: [StripeRequest] {
    steps.map { $0.request(results: [], key: nil) }
  }
}
