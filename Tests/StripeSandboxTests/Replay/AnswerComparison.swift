import Basics

@testable import StripeSandbox

/// Compares an answer of Stripe with the sandbox's, member by member.
///
/// Every member that Stripe's has must be in the sandbox's, with the same value. Of ids, moments,
/// addresses of pages and what an account or chance decides, only the kind is compared.
struct AnswerComparison {
  /// Stripe's ids and what they are called in the sandbox.
  var ids: [String: String]
  private(set) var differences: Set<String> = []

  init(ids: [String: String]) { self.ids = ids }

  /// What differs from account to account, from year to year or from one time to the next.
  private static let varying: Set = [
    "account_country", "account_name", "authorization_code", "calculated_statement_descriptor",
    "client_secret", "exp_month", "exp_year", "fingerprint", "invoice_prefix",
    "network_transaction_id", "number", "receipt_number", "risk_score", "server_transaction_id",
    "stripe_js", "times_redeemed",
  ]

  mutating func compare(_ theirs: JSON, _ ours: JSON?, at path: String, in type: String) {
    switch (theirs, ours ?? .null) {
    case (.object(let theirs), .object(let ours)):
      compare(theirs, ours, at: path, in: type)
    case (.array(let theirs), .array(let ours)):
      guard theirs.count == ours.count else {
        return note(path, "\(theirs.count) elements", "\(ours.count)")
      }
      for (theirs, ours) in zip(theirs, ours) {
        compare(theirs, ours, at: path, in: type)
      }
    case (let theirs, let ours):
      let key = path.split(separator: ".").last.map(String.init) ?? ""
      let isVarying = Self.varying.contains(key) && !theirs.isNull
      if isVarying, !ours.isNull { return }
      guard !areAlike(theirs, ours) else { return }
      note(path, isVarying ? "some" : text(theirs), text(ours))
    }
  }

  private mutating func compare(
    _ theirs: JSONObject, _ ours: JSONObject, at path: String, in type: String
  ) {
    var prefix = path
    if let name = theirs.string("object"), name != "list" {
      guard ours.string("object") == name else {
        return note(path, name, ours.string("object") ?? "no object")
      }
      prefix = name
    }
    for (key, value) in theirs where key != "request_log_url" {
      compare(value, ours[key], at: "\(prefix).\(key)", in: type)
    }
  }

  private mutating func areAlike(_ theirs: JSON, _ ours: JSON) -> Bool {
    if theirs == ours { return true }
    if let one = theirs.decimal, let other = ours.decimal {
      return one == other || (isMoment(theirs) && isMoment(ours))
    }
    guard let one = theirs.string, let other = ours.string else { return false }
    if ids[one] == other { return true }
    if one.hasPrefix("http"), !one.contains(" "), other.hasPrefix("http") { return true }
    if one.hasPrefix("/v1/") { return withoutIDs(one) == withoutIDs(other) }
    guard let kind = idKind(one), idKind(other) == kind else { return false }
    ids[one] = other
    return true
  }

  private func isMoment(_ value: JSON) -> Bool {
    (1_200_000_000..<2_500_000_000).contains(value.integer ?? 0)
  }

  /// What an id names: the part before its last underscore.
  private func idKind(_ text: String) -> String? {
    guard let match = text.wholeMatch(of: /([a-z]+(?:_[a-z]+)*)_[A-Za-z0-9]{10,}/) else {
      return nil
    }
    return String(match.output.1)
  }

  private func text(_ value: JSON) -> String {
    if let text = value.string, let kind = idKind(text) { return "\(kind)_…" }
    if isMoment(value) { return "a moment" }
    switch value {
    case .object: return "{…}"
    case .array: return "[…]"
    default:
      let text = value.compact
      return text.count > 100 ? "\(text.prefix(100))…" : text
    }
  }

  private mutating func note(_ path: String, _ theirs: String, _ ours: String) {
    differences.insert("\(withoutIDs(path)): \(theirs) → \(ours)")
  }

  private func withoutIDs(_ text: String) -> String {
    text.replacing(/\b([a-z]+)_[A-Za-z0-9]{10,}/) { "\($0.output.1)_…" }
  }
}
