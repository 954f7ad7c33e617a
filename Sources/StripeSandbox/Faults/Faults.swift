import Basics
private import Foundation

/// What is to go wrong: `/sandbox/faults`, an operation of the sandbox's own.
///
/// Faults stand in the sandbox's file, so that those added by another process strike a server that
/// runs. They never strike requests to `/sandbox/…`.
enum Faults: Resource {
  static let types: [ResourceType] = []

  static let operations: [Operation] = [
    .own(
      "POST", "/sandbox/faults",
      parameters: [
        "kind": .enumeration(FaultKind.allCases.map { $0.rawValue }), "path": .string,
        "count": .integer, "probability": .number, "delay_seconds": .integer,
      ], required: ["kind"], returns: "sandbox.fault", add),
    .own("GET", "/sandbox/faults", returns: "list:sandbox.fault", list),
    .own("DELETE", "/sandbox/faults", returns: "list:sandbox.fault", clear),
    .own("DELETE", "/sandbox/faults/{id}", returns: "sandbox.fault", remove),
  ]

  private static func add(_ call: Call) throws -> JSON {
    try call.refuseEmpty("path")
    try call.checkRange("count", 1...1_000_000)
    try call.checkRange("delay_seconds", 0...3600)
    guard let kind = call.string("kind").flatMap({ FaultKind(rawValue: $0) }) else {
      throw SandboxError.missingParameter("kind")
    }
    if call.has("delay_seconds"), kind.usualDelaySeconds == nil {
      throw SandboxError.invalid(
        "A fault of the kind \(kind.rawValue) has no delay.", parameter: "delay_seconds")
    }
    let fault = Fault(
      id: call.newID("fault"), kind: kind, path: call.string("path").map { Glob($0) },
      count: call.integer("count") ?? 1, probability: try probability(call),
      delaySeconds: call.integer("delay_seconds") ?? kind.usualDelaySeconds, created: call.now)
    try call.store.insertFault(fault)
    return fault.json
  }

  /// In millionths; what is finer is rounded.
  private static func probability(_ call: Call) throws -> Int64 {
    guard let given = call["probability"]?.decimal else { return Fault.certain }
    guard (0...1).contains(given) else {
      throw SandboxError.invalid(
        "A probability lies between 0 and 1.", parameter: "probability")
    }
    return try Money.rounded(given * Decimal(Fault.certain))
  }

  /// All of them in the order in which they were added, those that strike no more included.
  private static func list(_ call: Call) throws -> JSON {
    call.list(of: try call.store.faults().map { $0.json }, url: call.path)
  }

  /// Removes all of them and answers with what there was.
  private static func clear(_ call: Call) throws -> JSON {
    let faults = try call.store.faults()
    for fault in faults { try call.store.deleteFault(fault.id) }
    return call.list(of: faults.map { $0.json }, url: call.path)
  }

  private static func remove(_ call: Call) throws -> JSON {
    guard try call.store.faults().contains(where: { $0.id == call.id }) else {
      throw SandboxError.missing("fault", id: call.id)
    }
    try call.store.deleteFault(call.id)
    return ["id": .string(call.id), "object": "sandbox.fault", "deleted": true]
  }
}
