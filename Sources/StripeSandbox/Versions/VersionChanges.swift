import Basics

/// Every change of the API that the sandbox knows, newest first.
enum VersionChanges {
  static let all: [VersionChange] =
    endive + dahlia + clover + basil + [
      CaptureMethods.change, DashboardMethods.change, ChargesOfIntent.change,
    ]

  private static let endive = [BillingCycleAnchorObject.change, PaymentMethodTypes.change]
  private static let dahlia = [CheckoutModes.change]
  private static let clover = [
    ClassicBilling.change, DiscountSource.change, PromotionOfCode.change, PhaseDuration.change,
  ]
  private static let basil = [
    SubscriptionPeriods.change, InvoicePaymentsList.change, ParentOfInvoice.change,
    TaxesOfInvoice.change, PricingOfLine.change, SingleDiscount.change, AggregateUsage.change,
    PlanOfSubscription.change, AddedSinceAcacia.change,
  ]

  /// The changes that a version does not have, newest first.
  static func since(_ version: APIVersion) -> [VersionChange] {
    version == .current ? [] : all.filter { $0.since > version }
  }
}

extension VersionChanges {
  /// Whether a version has events of a type.
  static func hasEvents(_ type: String, in version: APIVersion) -> Bool {
    !since(version).contains { $0.addedEvents.contains(type) }
  }

  /// A type with what could be expanded before some changes, newest first.
  static func type(_ type: ResourceType, _ changes: [VersionChange]) -> ResourceType {
    var type = type
    for change in changes {
      for path in change.added[type.name] ?? [] { type.expandable[path] = nil }
      type.expandable.merge(change.expandable[type.name] ?? [:]) { _, old in old }
    }
    return type
  }

  /// What was declared of an operation in a version.
  static func facts(
    of operation: String, _ facts: OperationFacts, in version: APIVersion
  ) -> OperationFacts {
    var parameters = facts.parameters
    for change in since(version) {
      for request in change.requests where request.operations.contains(operation) {
        for (path, schema) in request.declared {
          let steps = path.split(separator: ".").map(String.init)
          parameters = parameters.setting(schema, at: steps[...])
        }
        parameters = parameters.requiring(request.required.before, not: request.required.now)
      }
    }
    return OperationFacts(parameters: parameters, returns: facts.returns)
  }

  /// The parameters of a request in the words of the current version.
  static func translated(
    _ parameters: JSONObject, of operation: String, from version: APIVersion,
    _ old: OldRequest
  ) throws -> JSONObject {
    var parameters = parameters
    for change in since(version).reversed() {
      for request in change.requests where request.operations.contains(operation) {
        try request.translate(&parameters, old)
      }
    }
    return parameters
  }

  /// An error that names parameters as the version does.
  static func translated(
    _ error: SandboxError, of operation: String, to version: APIVersion
  ) -> SandboxError {
    var error = error
    for change in since(version) {
      for request in change.requests where request.operations.contains(operation) {
        guard let parameter = error.parameter, let old = request.names[parameter] else { continue }
        error.parameter = old
        error.message = error.message.replacing(parameter, with: old)
      }
    }
    return error
  }
}

extension ParameterSchema {
  /// The same with another schema, or none, for what stands at a path; `[]` is the element of an
  /// array.
  func setting(_ schema: ParameterSchema?, at path: ArraySlice<String>) -> ParameterSchema {
    guard let step = path.first else { return schema ?? self }
    let rest = path.dropFirst()
    switch self {
    case .anyOf(let choices):
      return .anyOf(choices.map { $0.setting(schema, at: path) })
    case .array(let element) where step == "[]":
      return .array(element.setting(schema, at: rest))
    case .object(var fields, let required) where step != "[]":
      fields[step] = rest.isEmpty ? schema : fields[step]?.setting(schema, at: rest)
      return .object(fields, required: required)
    default:
      return self
    }
  }

  /// The same where other members must be given.
  func requiring(_ names: [String], not others: [String]) -> ParameterSchema {
    guard case .object(let fields, let required) = self else { return self }
    return .object(fields, required: required.filter { !others.contains($0) } + names)
  }
}
