import Basics

/// Reads what one line of usage says.
struct UsageLineReader: Sendable {
  /// Whether a text must not be kept, whatever it is for.
  let isForbidden: @Sendable (String) -> Bool

  func draft(ofJSON bytes: UnsafeBufferPointer<UInt8>) -> Result<UsageDraft, UsageRefusal> {
    do throws(UsageRefusal) {
      guard let object = try Self.json(bytes).object else {
        throw UsageRefusal("this is no JSON object")
      }
      var draft = UsageDraft()
      for (key, value) in object {
        guard let field = UsageField(rawValue: key) else {
          if UsageHeader.ignored.contains(key) { continue }
          throw UsageRefusal("there is no field \(Self.quoted(key))")
        }
        guard !value.isNull else { continue }
        try set(field, to: value, in: &draft)
      }
      return .success(
        try checked(draft, has: { !object[$0.rawValue].isNull }))
    } catch {
      return .failure(error)
    }
  }

  private static func json(_ bytes: UnsafeBufferPointer<UInt8>) throws(UsageRefusal) -> JSON {
    do throws(JSONError) {
      return try JSON(parsing: bytes)
    } catch {
      throw UsageRefusal("this is no JSON: \(error.reason.rawValue)")
    }
  }

  func draft(
    of cells: [String], under header: UsageHeader
  ) -> Result<UsageDraft, UsageRefusal> {
    do throws(UsageRefusal) {
      var draft = UsageDraft()
      guard cells.count <= header.fields.count else {
        throw UsageRefusal("there are more cells than columns")
      }
      var given: Set<UsageField> = []
      for (field, cell) in zip(header.fields, cells) {
        guard let field, !cell.isEmpty else { continue }
        given.insert(field)
        let value: JSON =
          field.isNumber || field == .timestamp
          ? WholeDigits.parse(cell).map { .integer($0) } ?? .string(cell) : .string(cell)
        try set(field, to: value, in: &draft)
      }
      return .success(try checked(draft, has: { given.contains($0) }))
    } catch {
      return .failure(error)
    }
  }

  private func set(
    _ field: UsageField, to value: JSON, in draft: inout UsageDraft
  ) throws(UsageRefusal) {
    switch field {
    case .id: draft.id = try text(value, field)
    case .customer: draft.customer = try text(value, field, limit: 500)
    case .meter: draft.meterID = try text(value, field)
    case .quantity: draft.quantity = try number(value, field, in: 0...Int64.max)
    case .timestamp: draft.at = try moment(value)
    case .keyID: draft.request.keyID = try text(value, field)
    case .endpoint: draft.request.endpoint = try text(value, field)
    case .method: draft.request.method = try text(value, field)
    case .statusCode: draft.request.statusCode = try number(value, field, in: 100...599)
    case .responseTime:
      draft.request.responseTimeMilliseconds = try number(value, field, in: 0...Int64.max)
    }
  }

  private func checked(
    _ draft: UsageDraft, has isGiven: (UsageField) -> Bool
  ) throws(UsageRefusal) -> UsageDraft {
    for field in UsageField.required where !isGiven(field) {
      throw UsageRefusal("\(field.rawValue) is missing")
    }
    return draft
  }

  /// A number may stand for an id.
  private func text(
    _ value: JSON, _ field: UsageField, limit: Int = UsageEvent.maximumIDLength
  ) throws(UsageRefusal) -> String {
    guard let text = value.string ?? value.integer.map({ "\($0)" }) else {
      throw UsageRefusal("\(field.rawValue) must be a text")
    }
    try requireAllowed(text)
    guard !text.isEmpty, text.utf8.count <= limit || text.count <= limit,
      text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else { throw UsageRefusal("\(field.rawValue) must have 1 to \(limit) visible characters") }
    return text
  }

  private func number(
    _ value: JSON, _ field: UsageField, in range: ClosedRange<Int64>
  ) throws(UsageRefusal) -> Int64 {
    if let text = value.string { try requireAllowed(text) }
    guard let number = value.integer else {
      throw UsageRefusal("\(field.rawValue) must be a whole number")
    }
    if number >= 1_000_000_000_000 { try requireAllowed("\(number)") }
    guard range.contains(number) else {
      throw UsageRefusal(
        range.upperBound == .max
          ? "\(field.rawValue) must not be negative"
          : "\(field.rawValue) must be from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private func moment(_ value: JSON) throws(UsageRefusal) -> Timestamp {
    if let text = value.string { try requireAllowed(text) }
    let moment =
      value.integer.map { Timestamp($0) } ?? value.string.flatMap { Timestamp(parsing: $0) }
    guard let moment else {
      throw UsageRefusal("timestamp must be ISO 8601 (2026-11-20T10:00:00Z) or unix seconds")
    }
    return moment
  }

  private func requireAllowed(_ text: String) throws(UsageRefusal) {
    if let secret = secret(in: text) { throw secret }
  }

  private func secret(in text: String) -> UsageRefusal? {
    if isForbidden(text) { return UsageRefusal("a card number stands there", isSecret: true) }
    guard APIKeySecret.stands(in: text) else { return nil }
    return UsageRefusal("an API key stands there; key_id takes its id (key_…)", isSecret: true)
  }

  /// The same reading, but a line that is refused for what is read before its secret is no less
  /// secret: it would be repeated among the refused ones.
  func guarded(
    _ reading: Result<UsageDraft, UsageRefusal>, _ line: some Collection<UInt8>
  ) -> Result<UsageDraft, UsageRefusal> {
    guard case .failure(let refusal) = reading, !refusal.isSecret,
      let secret = secret(in: String(decoding: line, as: UTF8.self))
    else { return reading }
    return .failure(secret)
  }

  /// A name in a message: not longer than a line bears.
  static func quoted(_ name: String) -> String {
    name.count > 60 ? "'\(name.prefix(60))…'" : "'\(name)'"
  }
}

/// The fields of a line of usage.
enum UsageField: String, CaseIterable, Sendable {
  case id, customer, meter, quantity, timestamp, endpoint, method
  case keyID = "key_id"
  case statusCode = "status_code"
  case responseTime = "response_time_ms"

  static let required: [UsageField] = [.id, .customer, .meter, .quantity]

  var isNumber: Bool { [.quantity, .statusCode, .responseTime].contains(self) }
}

/// Whole numbers as tables have them: digits, a minus before them.
private enum WholeDigits {
  static func parse(_ text: String) -> Int64? {
    text.utf8.first == UInt8(ascii: "+") ? nil : Int64(text)
  }
}

extension JSON? {
  fileprivate var isNull: Bool { self?.isNull ?? true }
}
