import Basics

/// What can be chosen about the sandbox itself: `/sandbox/settings`. At Stripe these are settings of
/// the Dashboard.
enum SandboxSettings: Resource {
  static let types: [ResourceType] = []

  static let operations: [Operation] = [
    .own("GET", "/sandbox/settings", returns: "sandbox.settings", show),
    .own(
      "POST", "/sandbox/settings",
      parameters: [
        "retry_days": .anyOf([.array(.string), .string]),
        "after_retries": .enumeration(Dunning.End.allCases.map { $0.rawValue }),
      ], returns: "sandbox.settings", change),
  ]

  @Sendable private static func show(_ call: Call) throws -> JSON { shown(call.settings.dunning) }

  @Sendable private static func change(_ call: Call) throws -> JSON {
    var dunning = call.settings.dunning
    if let days = call["retry_days"] { dunning.retryDays = try retryDays(days) }
    if let end = call.string("after_retries").flatMap({ Dunning.End(rawValue: $0) }) {
      dunning.afterRetries = end
    }
    try dunning.write(to: call.store)
    return shown(dunning)
  }

  /// Reads `retry_days[]=3&retry_days[]=5` and `retry_days=3,5`; the empty string means that
  /// nothing is tried again.
  private static func retryDays(_ given: JSON) throws -> [Int64] {
    guard !given.isNull else { return [] }
    let parts = given.string?.split(separator: ",", omittingEmptySubsequences: false)
    let texts = parts?.map { String($0) } ?? given.array?.compactMap { $0.string } ?? []
    let days = texts.compactMap { Int64($0) }.filter { (1...Dunning.maximumDays).contains($0) }
    guard days.count == texts.count, days.count <= Dunning.maximumRetries else {
      throw SandboxError.invalid(
        """
        Invalid retry_days: must be up to \(Dunning.maximumRetries) whole numbers of days from 1 \
        to \(Dunning.maximumDays), for example 3,5,7.
        """, parameter: "retry_days")
    }
    return days
  }

  private static func shown(_ dunning: Dunning) -> JSON {
    [
      "object": "sandbox.settings",
      "retry_days": .array(dunning.retryDays.map { .integer($0) }),
      "after_retries": .string(dunning.afterRetries.rawValue),
    ]
  }
}

// MARK: Kept

extension Dunning {
  /// What was chosen; the usual where nothing was.
  init(_ kept: [String: String]) {
    self = .usual
    if let days = kept["retry_days"] {
      retryDays = days.split(separator: ",").compactMap { Int64($0) }
    }
    if let end = kept["after_retries"].flatMap({ End(rawValue: $0) }) {
      afterRetries = end
    }
  }

  func write(to store: StoreTransaction) throws {
    try store.set("retry_days", to: retryDays.map { String($0) }.joined(separator: ","))
    try store.set("after_retries", to: afterRetries.rawValue)
  }
}
