package import Basics
package import Stripe

/// One write of an operation, as data that outlives the process: it can be shown by a dry run,
/// sent, sent again under its key, or settled by reading.
package struct OperationStep: Sendable, Hashable {
  package var method: HTTPMethod
  /// Segments after `/v1`; a segment or a parameter may be `OperationStep.result(of: n)`.
  package var path: [JSON]
  package var parameters: JSONObject
  /// How reading tells whether this was done, when sending again is no longer safe.
  package var check: Check
  /// What takes the step back when a later one is refused, so that a decline leaves all as it was.
  package var undo: Undo?
  /// Whether what it brought may stay where a later step does not come about: it moved no money, and
  /// the next try goes on from there.
  package var mayStay = false

  package enum Check: Sendable, Hashable {
    /// A list in which the new object stands with `metadata[billing_operation]`.
    case created(list: [JSON], parameters: JSONObject)
    /// An object that has these values afterwards, read with these members expanded.
    case holds(object: [JSON], values: JSONObject, expanding: [String] = [])
    /// An object that is deleted or canceled afterwards.
    case ended(object: [JSON])
    /// A new object that bears no mark of ours, and whose id another one names afterwards.
    case named(list: [JSON], by: [JSON], member: String)

    /// Where the object can be read that the step made or changed.
    func path(ofObject id: String, results: [String]) -> StripePath {
      switch self {
      case .created(let list, _), .named(let list, _, _):
        OperationStep.path(list + [.string(id)], results: results)
      // Not by the name under which it was given: one of a test card is no object's id.
      case .holds(let object, _, _), .ended(let object):
        OperationStep.path(object.dropLast() + [.string(id)], results: results)
      }
    }
  }

  /// A call without parameters.
  package struct Undo: Sendable, Hashable {
    /// A list at Stripe.
    package struct List: Sendable, Hashable {
      package var path: [JSON]
      package var parameters: JSONObject

      package init(_ path: [JSON], _ parameters: JSONObject = [:]) {
        self.path = path
        self.parameters = parameters
      }
    }

    package var method: HTTPMethod
    package var path: [JSON]
    /// What must be empty before: where anything stands in one of them, somebody uses by now what is
    /// to be taken back, and it stays.
    package var unused: [List]

    package init(_ method: HTTPMethod, _ path: [JSON], unused: [List] = []) {
      self.method = method
      self.path = path
      self.unused = unused
    }
  }

  package init(
    _ method: HTTPMethod, _ path: [JSON], _ parameters: JSONObject = [:], check: Check,
    undo: Undo? = nil, mayStay: Bool = false
  ) {
    self.method = method
    self.path = path
    self.parameters = parameters
    self.check = check
    self.undo = undo
    self.mayStay = mayStay
  }

  /// Stands for the id of the object that an earlier step of the same operation brought.
  package static func result(of step: Int) -> JSON { ["$result": .integer(Int64(step))] }

  /// The key under `metadata` by which an object can be traced to the operation that made it.
  package static let operationMetadataKey = "billing_operation"

  /// The step as a call, with what earlier steps brought put in.
  package func request(results: [String], key: IdempotencyKey?) -> StripeRequest {
    StripeRequest(
      method, Self.path(path, results: results), Self.filled(parameters, results: results),
      idempotencyKey: key)
  }

  static func path(_ segments: [JSON], results: [String]) -> StripePath {
    StripePath(segments: ["v1"] + segments.map { filled($0, results: results).string ?? "" })
  }

  static func filled(_ object: JSONObject, results: [String]) -> JSONObject {
    JSONObject(
      uniqueKeysWithValues: object.members.map { ($0.key, filled($0.value, results: results)) })
  }

  /// A result that is not there yet reads as a name in braces: in a dry run.
  private static func filled(_ value: JSON, results: [String]) -> JSON {
    switch value {
    case .object(let object):
      if object.count == 1, let step = object["$result"]?.integer {
        let index = Int(step)
        return .string(
          results.indices.contains(index) ? results[index] : "{result of request \(index + 1)}")
      }
      return .object(filled(object, results: results))
    case .array(let elements): return .array(elements.map { filled($0, results: results) })
    default: return value
    }
  }
}

// MARK: As it is stored

extension OperationStep {
  var json: JSON {
    [
      "method": .string(method.rawValue), "path": .array(path), "parameters": .object(parameters),
      "check": check.json, "undo": undo?.json ?? .null, "may_stay": .bool(mayStay),
    ]
  }

  init(_ json: JSON) throws {
    guard let method = json["method"]?.string.flatMap(HTTPMethod.init(rawValue:)),
      let path = json["path"]?.array, let parameters = json["parameters"]?.object,
      let check = json["check"].flatMap(Check.init)
    else { throw StoreError.damaged(path: "operations", detail: "a step cannot be read") }
    self.init(
      method, path, parameters, check: check, undo: json["undo"].flatMap(Undo.init),
      mayStay: json["may_stay"]?.bool ?? false)
  }
}

extension OperationStep.Check {
  fileprivate var json: JSON {
    switch self {
    case .created(let list, let parameters):
      ["kind": "created", "path": .array(list), "values": .object(parameters)]
    case .holds(let object, let values, let expanding):
      [
        "kind": "holds", "path": .array(object), "values": .object(values),
        "expand": .array(expanding.map(JSON.string)),
      ]
    case .ended(let object): ["kind": "ended", "path": .array(object), "values": [:]]
    case .named(let list, let object, let member):
      [
        "kind": "named", "path": .array(list),
        "values": ["by": .array(object), "member": .string(member)],
      ]
    }
  }

  fileprivate init?(_ json: JSON) {
    guard let path = json["path"]?.array, let values = json["values"]?.object else { return nil }
    switch json["kind"]?.string {
    case "created": self = .created(list: path, parameters: values)
    case "holds":
      self = .holds(
        object: path, values: values,
        expanding: (json["expand"]?.array ?? []).compactMap { $0.string })
    case "ended": self = .ended(object: path)
    case "named":
      guard let object = values["by"]?.array, let member = values["member"]?.string else {
        return nil
      }
      self = .named(list: path, by: object, member: member)
    default: return nil
    }
  }
}

extension OperationStep.Undo {
  fileprivate var json: JSON {
    [
      "method": .string(method.rawValue), "path": .array(path),
      "unused": .array(
        unused.map { ["path": .array($0.path), "parameters": .object($0.parameters)] }),
    ]
  }

  fileprivate init?(_ json: JSON) {
    guard let method = json["method"]?.string.flatMap(HTTPMethod.init(rawValue:)),
      let path = json["path"]?.array
    else { return nil }
    self.init(
      method, path,
      unused: (json["unused"]?.array ?? []).map {
        List($0["path"]?.array ?? [], $0["parameters"]?.object ?? [:])
      })
  }
}
