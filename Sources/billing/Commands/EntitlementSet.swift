import Basics
import BillingCore

struct EntitlementSet: Command {
  static let name = "entitlement set"
  static let summary = "Grant one customer a limit or feature of its own"
  static let discussion = """
    The value counts in place of the plan's, whatever the plan is, from now on or until a time; then
    the plan's counts again. A limit takes a whole number or unlimited, a feature true, false or a
    text. The grant is kept with who gave it and why; setting it again adds to the history, setting
    the very same again adds nothing. Stripe is not told, and no key is needed.
    """
  static let parameters: [Parameter] = [
    .customer,
    .required("FEATURE", "A limit or feature of plans.yaml"),
    .required("VALUE", "A number or unlimited; true, false or a text"),
    .option("--until", "T", "When it lapses: a time, or a span from now (30d)"),
    .option("--note", "N", "Why, for those who look later; has to be given"),
  ]
  static let examples = [
    "entitlement set ada@example.com projects 25 --note 'agreed with sales'",
    "entitlement set ada@example.com sso true --until 30d --note 'trial of SSO'",
  ]

  var reference: CustomerReference
  var featureID: String
  var value: String
  var until: TimeArgument?
  var note: String

  /// The longest note: a paragraph, not a document.
  static let maximumNoteLength = 500

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    featureID = try arguments.positional("FEATURE")
    guard let value = arguments.optionalPositional("VALUE") else {
      throw arguments.error("VALUE is missing")
    }
    self.value = value
    until = try arguments.time("--until")
    guard let note = try arguments.note(), !note.isEmpty else {
      throw arguments.error("--note is missing: say why")
    }
    self.note = note
  }

  func run(_ context: Context) async throws -> ChangeReport {
    let catalogue = try context.catalogue()
    try catalogue.requireRight(featureID)
    guard let own = catalogue.ownValue(value, of: featureID) else {
      let wanted =
        catalogue.limitIDs.contains(featureID)
        ? "takes a whole number or unlimited" : "takes true or false"
      throw CommandError.usage("\(featureID) \(wanted), not \(Arguments.quoted(value))")
    }
    try context.requireOwnWrite("grant \(reference.text) \(featureID) of its own")
    let change = EntitlementChange(
      command: Self.name, reference: reference, featureID: featureID, value: own, until: until,
      note: note)
    return try await change.run(context) { entitlement in
      let end = entitlement.until.map { " until \($0.iso8601Date)" } ?? ""
      return "\(reference.text) has \(Cell(own).text) of \(featureID) as its own\(end)."
    }
  }
}

extension Arguments {
  /// `--note N`, not longer than a paragraph.
  func note() throws(UsageError) -> String? {
    let note = try option("--note")
    if let note, note.count > EntitlementSet.maximumNoteLength {
      throw error("--note takes at most \(EntitlementSet.maximumNoteLength) characters")
    }
    return note
  }
}
