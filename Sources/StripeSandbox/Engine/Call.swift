import Basics

/// One request on its way through a handler: its parameters, the objects, the clock.
///
/// Everything a call reads and writes is one transaction; a handler that throws leaves nothing
/// behind (but see `SandboxError.keepsChanges`).
final class Call {
  /// The checked parameters, each of the type that Stripe declares: whole numbers as `integer`,
  /// numbers and decimals as `decimal`, the empty string where something is to be unset.
  let parameters: JSONObject
  /// What stands in the path for each `{id}`.
  let pathIDs: [String]
  /// The path without the query: `/v1/products`.
  let path: String
  /// The time on the call's clock.
  let now: Timestamp
  /// The test clock on which the call takes place: that of the objects which it names. nil for the
  /// sandbox's own clock.
  let clock: String?
  /// nil for what time does by itself.
  let requestID: String?
  let idempotencyKey: String?
  let settings: Settings
  /// The version whose layout is answered in; what is stored has the current one always.
  var version = APIVersion.current
  let registry: Registry
  let store: StoreTransaction
  private let makeToken: @Sendable (Int) -> String

  init(
    parameters: JSONObject, pathIDs: [String], path: String, now: Timestamp, clock: String?,
    requestID: String?, idempotencyKey: String?, settings: Settings, registry: Registry,
    store: StoreTransaction,
    makeToken: @escaping @Sendable (Int) -> String
  ) {
    self.parameters = parameters
    self.pathIDs = pathIDs
    self.path = path
    self.now = now
    self.clock = clock
    self.requestID = requestID
    self.idempotencyKey = idempotencyKey
    self.settings = settings
    self.registry = registry
    self.store = store
    self.makeToken = makeToken
  }

  /// The last id of the path: the object that the request is about.
  var id: String { pathIDs.last ?? "" }

  /// A new id: `prod_` and 14 letters and digits.
  func newID(_ prefix: String, length: Int = 14) -> String { "\(prefix)_\(makeToken(length))" }

  /// Letters and digits nobody can guess: for client secrets and the like.
  func newToken(length: Int) -> String { makeToken(length) }
}

// MARK: Parameters

extension Call {
  /// The value of a parameter, null where it is to be unset; nil where it was not given.
  subscript(name: String) -> JSON? {
    guard let value = parameters[name] else { return nil }
    return value == "" ? .null : value
  }

  func has(_ name: String) -> Bool { parameters[name] != nil }

  /// The text of a parameter; nil where it was not given or is empty.
  func string(_ name: String) -> String? { self[name]?.string }
  func integer(_ name: String) -> Int64? { self[name]?.integer }
  func bool(_ name: String) -> Bool? { self[name]?.bool }
  func object(_ name: String) -> JSONObject? { self[name]?.object }
  func array(_ name: String) -> [JSON]? { self[name]?.array }
  func timestamp(_ name: String) -> Timestamp? { integer(name).map { Timestamp($0) } }

  /// Refuses the empty string for what cannot be unset.
  func refuseEmpty(_ names: String...) throws {
    for name in names where parameters[name] == "" { throw SandboxError.emptyParameter(name) }
  }
}

// MARK: Objects

extension Call {
  /// The object of an id; nil where there is none or it was deleted.
  func find(_ type: String, _ id: String) throws -> JSONObject? {
    guard let object = try store.object(type: type, id: id), object["deleted"] != true else {
      return nil
    }
    return object
  }

  /// The object of an id, a deleted one included: `{id, object, deleted: true}`.
  func findEvenDeleted(_ type: String, _ id: String) throws -> JSONObject? {
    try store.object(type: type, id: id)
  }

  /// A call of another operation from within this one, at the same moment and in the same
  /// transaction: what a customer does on a page of Stripe's, or a schedule by itself.
  ///
  /// - Parameter id: the object that its path would name.
  func calling(_ parameters: JSONObject, on id: String? = nil) -> Call {
    Call(
      parameters: parameters, pathIDs: id.map { [$0] } ?? [], path: path, now: now, clock: clock,
      requestID: requestID, idempotencyKey: idempotencyKey, settings: settings,
      registry: registry, store: store, makeToken: makeToken)
  }

  /// The same call at another moment: one that is to come, to see what it brings.
  func at(_ moment: Timestamp) -> Call {
    Call(
      parameters: parameters, pathIDs: pathIDs, path: path, now: moment, clock: clock,
      requestID: requestID, idempotencyKey: idempotencyKey, settings: settings,
      registry: registry, store: store, makeToken: makeToken)
  }

  /// The same call, taking place on a test clock.
  func on(clock id: String, at moment: Timestamp) -> Call {
    Call(
      parameters: parameters, pathIDs: pathIDs, path: path, now: moment, clock: id,
      requestID: requestID, idempotencyKey: idempotencyKey, settings: settings,
      registry: registry, store: store, makeToken: makeToken)
  }

  /// The object that the path names; 404 where there is none.
  func required(_ type: String) throws -> JSONObject { try required(type, id) }

  func required(_ type: String, _ id: String) throws -> JSONObject {
    guard let object = try find(type, id) else {
      throw SandboxError.missing(registry.type(type).label, id: id)
    }
    return object
  }

  /// The object that a parameter names; 400 with the parameter's name where there is none.
  func referenced(_ type: String, _ id: String, parameter: String) throws -> JSONObject {
    guard let object = try find(type, id) else {
      throw SandboxError.missing(
        registry.type(type).label, id: id, parameter: parameter, status: 400)
    }
    return object
  }

  /// All objects of a type whose indexed properties have these values, newest first.
  func all(_ type: String, where conditions: [String: JSON] = [:]) throws -> [JSONObject] {
    try store.objects(ObjectQuery(type: type, conditions: conditions.map { ($0.key, [$0.value]) }))
  }

  /// Stores a new object, which has `id` and `object` at least.
  func insert(_ object: JSONObject) throws {
    try store.insert(
      object, type: registry.type(object["object"]?.string ?? ""), clock: clock, now: now)
  }

  /// Stores what an object has become, without an event.
  func save(_ object: JSONObject) throws {
    try store.update(object, type: registry.type(object["object"]?.string ?? ""), now: now)
  }

  /// Stores a new object and says so in an event.
  @discardableResult
  func create(_ object: JSONObject, event: String) throws -> JSONObject {
    try insert(object)
    try emit(event, object)
    return object
  }

  /// Stores what an object has become and says so in an event that carries the previous values of
  /// what changed. Nothing is stored or said where nothing changed.
  @discardableResult
  func update(_ old: JSONObject, to new: JSONObject, event: String) throws -> JSONObject {
    guard old != new else { return old }
    try save(new)
    try emit(event, new, since: old)
    return new
  }

  /// Removes an object and answers as Stripe does: `{id, object, deleted: true}`. The remains can
  /// still be found by `findEvenDeleted` when asked for.
  func delete(_ object: JSONObject, event: String?, keepsRemains: Bool = false) throws -> JSON {
    let type = object["object"]?.string ?? ""
    let id = object["id"]?.string ?? ""
    let remains: JSONObject = ["id": .string(id), "object": .string(type), "deleted": true]
    if keepsRemains {
      try store.update(remains, type: registry.type(type))
    } else {
      try store.delete(type: type, id: id)
    }
    if let event { try emit(event, object) }
    return .object(remains)
  }
}
