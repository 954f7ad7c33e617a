import Basics

/// One operation of the API: a method, a path with `{id}` for what varies, and what it does.
///
/// The parameters are checked and typed before `run` is called; what `run` returns is expanded and
/// sent.
struct Operation: Sendable {
  let method: String
  /// As in Stripe's reference, each variable written `{id}`: `/v1/products/{id}/features/{id}`.
  let path: String
  let run: @Sendable (Call) throws -> JSON
  /// What is declared of an operation that Stripe does not have: the customer's part, faults.
  var facts: OperationFacts?
  /// The first version that has it, where not all have.
  var first: APIVersion?
  /// The first version that no longer has it, where it was removed.
  var removed: APIVersion?

  /// Whether it writes although its method says that it reads: a look at what would be.
  var writes = false

  /// The same operation, which writes.
  func writing() -> Operation {
    var operation = self
    operation.writes = true
    return operation
  }

  /// The same operation, only for the versions before one.
  func until(_ version: APIVersion) -> Operation {
    var operation = self
    operation.removed = version
    return operation
  }

  /// The same operation, only for a version and those after it.
  func since(_ version: APIVersion) -> Operation {
    var operation = self
    operation.first = version
    return operation
  }

  /// Method and path: `POST /v1/products`.
  var name: String { "\(method) \(path)" }

  func isOffered(in version: APIVersion) -> Bool {
    first.map { $0 <= version } ?? true && removed.map { version < $0 } ?? true
  }

  static func get(
    _ path: String, _ run: @escaping @Sendable (Call) throws -> JSON
  ) -> Operation {
    Operation(method: "GET", path: path, run: run)
  }

  static func post(
    _ path: String, _ run: @escaping @Sendable (Call) throws -> JSON
  ) -> Operation {
    Operation(method: "POST", path: path, run: run)
  }

  static func delete(
    _ path: String, _ run: @escaping @Sendable (Call) throws -> JSON
  ) -> Operation {
    Operation(method: "DELETE", path: path, run: run)
  }

  /// An operation that Stripe's newest version does not declare: one of the sandbox's own, below
  /// `/sandbox/`, or one that was removed.
  static func own(
    _ method: String, _ path: String, parameters: [String: ParameterSchema] = [:],
    required: [String] = [], returns: String, _ run: @escaping @Sendable (Call) throws -> JSON
  ) -> Operation {
    let expand = ParameterSchema.array(.string)
    let fields = parameters.merging(["expand": expand]) { given, _ in given }
    return Operation(
      method: method, path: path, run: run,
      facts: OperationFacts(
        parameters: .object(fields, required: required), returns: returns))
  }
}

/// A group of operations and the types of object that they make: one file of the sandbox.
protocol Resource: SendableMetatype {
  static var types: [ResourceType] { get }
  static var operations: [Operation] { get }
}

/// All that the sandbox can do.
struct Registry: Sendable {
  let types: [String: ResourceType]
  let operations: [Operation]

  init(_ resources: [any Resource.Type], adding further: [Operation] = []) {
    types = Dictionary(
      resources.flatMap { $0.types }.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    operations = resources.flatMap { $0.operations } + further
  }

  /// The type of this name; one without an entry has no filters and nothing to expand.
  func type(_ name: String) -> ResourceType {
    types[name] ?? ResourceType(name, idPrefix: name)
  }
}
