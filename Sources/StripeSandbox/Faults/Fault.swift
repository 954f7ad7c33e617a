import Basics
private import Foundation

/// A fault that was asked for: what goes wrong, where, how often and how likely.
struct Fault {
  let id: String
  let kind: FaultKind
  /// Which requests it strikes, by their path; of events, which ones by their type. nil for all.
  let path: Glob?
  /// How often it strikes.
  let count: Int64
  var struck: Int64 = 0
  /// How likely it is to strike what it could, in millionths.
  let probability: Int64
  let delaySeconds: Int64?
  let created: Timestamp

  static let certain: Int64 = 1_000_000

  /// Whether it could strike a request.
  func suits(_ request: PreparedRequest) -> Bool {
    guard !kind.isOfEvents, path?.matches(request.path) ?? true else { return false }
    return kind != .idempotencyConflict || request.idempotencyKey != nil
  }

  /// Whether it could strike the delivery of an event of a type.
  func suits(event type: String) -> Bool {
    kind.isOfEvents && path?.matches(type) ?? true
  }

  /// Whether it does strike. The draw comes from the sandbox's own source of tokens, so that the
  /// same sandbox has the same faults each time.
  func strikes(_ makeToken: (Int) -> String) -> Bool {
    guard probability < Self.certain else { return true }
    let draw = Hash.sha256(Array(makeToken(16).utf8)).prefix(8).reduce(UInt64(0)) {
      $0 << 8 | UInt64($1)
    }
    return Int64(draw % UInt64(Self.certain)) < probability
  }

  var json: JSON {
    [
      "id": .string(id), "object": "sandbox.fault", "count": .integer(count),
      "created": .time(created), "delay_seconds": JSON(delaySeconds),
      "kind": .string(kind.rawValue), "path": JSON(path?.pattern),
      "probability": .decimal(Decimal(probability) / Decimal(Self.certain)),
      "struck": .integer(struck),
    ]
  }
}
