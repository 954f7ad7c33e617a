package import Basics
import Stripe

/// What a user says of a customer; nil leaves a field as it is.
package struct CustomerFields: Sendable, Hashable {
  package var email: String?
  package var name: String?
  package var description: String?
  package var externalID: String?
  package var paymentMethod: String?
  package var testClock: String?
  package var metadata: [String: String]

  package init(
    email: String? = nil, name: String? = nil, description: String? = nil,
    externalID: String? = nil, paymentMethod: String? = nil, testClock: String? = nil,
    metadata: [String: String] = [:]
  ) {
    self.email = email
    self.name = name
    self.description = description
    self.externalID = externalID
    self.paymentMethod = paymentMethod
    self.testClock = testClock
    self.metadata = metadata
  }

  /// The fields as parameters of Stripe's; your own id goes into the metadata under `key`.
  package func parameters(externalIDKey key: String) -> JSONObject {
    var metadata = self.metadata
    if let externalID { metadata[key] = externalID }
    var parameters = JSONObject()
    parameters["email"] = email.map(JSON.string)
    parameters["name"] = name.map(JSON.string)
    parameters["description"] = description.map(JSON.string)
    if !metadata.isEmpty {
      parameters["metadata"] = .object(
        JSONObject(
          uniqueKeysWithValues: metadata.sorted { $0.key < $1.key }
            .map { ($0.key, .string($0.value)) }))
    }
    return parameters
  }
}

/// The changes of customers as plans.
package enum CustomerPlanning {
  /// One call, so that a refused card leaves no customer behind.
  package static func create(_ fields: CustomerFields, externalIDKey: String) -> OperationPlan {
    let parameters = createParameters(fields, externalIDKey: externalIDKey)
    let intent = OperationIntent(
      command: "customer create", email: fields.email, words: parameters)
    return OperationPlan(intent, steps: [createStep(parameters)])
  }

  package static func createStep(_ parameters: JSONObject) -> OperationStep {
    var filter = JSONObject()
    filter["email"] = parameters["email"]
    filter["test_clock"] = parameters["test_clock"]
    return OperationStep(
      .post, ["customers"], parameters,
      check: .created(list: ["customers"], parameters: filter))
  }

  package static func createParameters(
    _ fields: CustomerFields, externalIDKey: String
  ) -> JSONObject {
    var parameters = fields.parameters(externalIDKey: externalIDKey)
    parameters["test_clock"] = fields.testClock.map(JSON.string)
    if let method = fields.paymentMethod {
      parameters["payment_method"] = .string(method)
      parameters["invoice_settings"] = ["default_payment_method": .string(method)]
    }
    return parameters
  }

  package static func update(
    _ customerID: String, _ fields: CustomerFields, externalIDKey: String
  ) -> OperationPlan {
    var parameters = fields.parameters(externalIDKey: externalIDKey)
    if let method = fields.paymentMethod {
      parameters["invoice_settings"] = ["default_payment_method": .string(method)]
    }
    var words = parameters
    words["customer"] = .string(customerID)
    let path: [JSON] = ["customers", .string(customerID)]
    return OperationPlan(
      command: "customer update", customerID: customerID, words: words,
      steps: [
        OperationStep(.post, path, parameters, check: .holds(object: path, values: parameters))
      ])
  }

  /// What `customer delete` means: in the words of the user, since nobody finds the customer by
  /// them when it is asked again.
  package static func deletion(of reference: CustomerReference) -> OperationIntent {
    OperationIntent(
      command: "customer delete", words: ["customer": .string(reference.text)])
  }

  package static func delete(
    _ customerID: String, named reference: CustomerReference
  ) -> OperationPlan {
    var intent = deletion(of: reference)
    intent.customerID = customerID
    let path: [JSON] = ["customers", .string(customerID)]
    return OperationPlan(
      intent, steps: [OperationStep(.delete, path, check: .ended(object: path))])
  }
}
