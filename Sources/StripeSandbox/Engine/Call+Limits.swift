import Basics

// Limits that Stripe's declarations do not carry.
extension Call {
  func checkLength(_ name: String, atMost limit: Int) throws {
    guard let text = string(name), text.count > limit else { return }
    let shown = text.count > 20 ? "\(text.prefix(5))...\(text.suffix(5))" : text
    throw SandboxError.invalid(
      "Invalid string: \(shown); must be at most \(limit) characters", parameter: name)
  }

  func checkCount(_ name: String, atMost limit: Int) throws {
    guard let elements = array(name), elements.count > limit else { return }
    throw SandboxError.invalid(
      "Array \(name) exceeded maximum \(limit) allowed elements.", parameter: name)
  }

  /// Refuses more than one of several parameters.
  func checkExclusive(_ names: String...) throws {
    let given = names.filter { has($0) }
    guard given.count > 1 else { return }
    throw SandboxError.invalid(
      "You may only specify one of these parameters: \(given.joined(separator: ", ")).",
      code: "parameters_exclusive", parameter: given[0])
  }

  /// Refuses a whole number outside its range, in Stripe's words.
  func checkRange(_ name: String, _ range: ClosedRange<Int64>) throws {
    if let value = integer(name) { try Self.checkRange(value, range, parameter: name) }
  }

  static func checkRange(
    _ value: Int64, _ range: ClosedRange<Int64>, parameter: String
  ) throws {
    guard !range.contains(value) else { return }
    let bound =
      value < range.lowerBound
      ? "greater than or equal to \(range.lowerBound)" : "less than or equal to \(range.upperBound)"
    throw SandboxError.invalid(
      "This value must be \(bound).", code: "parameter_invalid_integer", parameter: parameter)
  }
}
