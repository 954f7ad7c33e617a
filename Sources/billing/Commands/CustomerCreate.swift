import Basics
import BillingCore
import Stripe

struct CustomerCreate: Command {
  static let name = "customer create"
  static let summary = "Make a customer at Stripe"
  static let discussion = """
    Makes a customer and, with --payment-method, attaches a card and makes it the default; a card
    that is refused leaves no customer behind.

    An e-mail address that is known already is a conflict (exit 5) that names the customer, unless
    an --external-id tells the two apart. With --if-not-exists the existing one is returned.
    """
  static let parameters: [Parameter] = [
    .option("--email", "E", "E-mail address"),
    .option("--name", "N", "Name"),
    .option("--external-id", "X", "Your own id, kept in the metadata"),
    .option("--description", "D", "A note"),
    .option("--payment-method", "PM", "A payment method to attach and use by default"),
    .option("--metadata", "K=V", "A pair of metadata", repeats: true),
    .option("--test-clock", "C", "A test clock to put the customer on"),
    .flag("--if-not-exists", "Return the customer that exists already"),
  ]
  static let examples = [
    "customer create --email ada@example.com --name 'Ada Lovelace'",
    "customer create --email ada@example.com --external-id user-7 --if-not-exists --json",
  ]

  var fields: CustomerFields
  var returnsExisting: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    fields = try CustomerFields(parsing: arguments)
    fields.testClock = try arguments.option("--test-clock")
    returnsExisting = arguments.flag("--if-not-exists")
    guard fields.email != nil else { throw arguments.error("--email is missing") }
  }

  func run(_ context: Context) async throws -> ChangeReport {
    // A catalogue with mistakes is told before anything is sent.
    _ = try context.catalogueIfAny()
    try fields.refuseOwnKeys(context.externalIDKeys())
    try context.requireWrite("create the customer \(fields.email ?? "")")
    var plan = CustomerPlanning.create(
      fields, externalIDKey: try context.externalIDKey())
    let earlier = try await context.settleEarlier(plan.intent)
    plan.journalPosition = earlier.journalPosition
    if let done = earlier.result {
      let customer = try await context.directory().customer(.id(done.objectID ?? ""))
      return .changed(try await CustomerShow.report(customer, context))
    }
    if let existing = try await existing(context) {
      guard returnsExisting else { throw CustomerError.alreadyExists(existing) }
      return .changed(try await CustomerShow.report(existing, context))
    }
    if context.settings.isDryRun { return .planned(DryRunReport(plan)) }
    do {
      let operation = try await context.carryOut(plan).operation
      let customer = try await context.directory().customer(.id(operation.objectID ?? ""))
      return .changed(CustomerView.report(customer, try context.currentPlan(of: customer, [])))
    } catch OperationError.failed(_, .refused(let refusal)) where refusal.isMissing {
      throw CommandError.notFound(refusal.message)
    }
  }

  /// A customer that this would make a second time: with the same id of yours, else with the same
  /// address where no id tells them apart. The id is looked at there too: Stripe's search knows a
  /// new customer only after a while, the list by address at once.
  private func existing(_ context: Context) async throws -> CustomerRow? {
    let directory = try await context.directory()
    if let id = fields.externalID {
      if let found = try await directory.customers(.externalID(id)).first { return found }
    }
    let sameAddress = try await directory.customers(.email(fields.email ?? ""))
    return sameAddress.first {
      fields.externalID == nil || $0.externalID == nil || $0.externalID == fields.externalID
    }
  }
}

extension CustomerFields {
  /// The options that `customer create` and `customer update` share.
  init(parsing arguments: Arguments) throws(UsageError) {
    self.init(
      email: try arguments.option("--email"), name: try arguments.option("--name"),
      description: try arguments.option("--description"),
      externalID: try arguments.option("--external-id"),
      paymentMethod: try arguments.paymentMethod(),
      metadata: Dictionary(
        try arguments.metadata().members.map { ($0.key, $0.value.string ?? "") },
        uniquingKeysWith: { $1 }))
    if let email, !EmailAddress.isPossible(email) {
      throw arguments.error("--email must be an e-mail address")
    }
    if let id = externalID, CustomerReference(id) != .externalID(id) {
      throw arguments.error(
        "--external-id must be an id of yours: no e-mail address, no cus_…, 500 characters at most")
    }
  }
}

extension CustomerFields {
  /// Metadata that this tool lives by is not the user's to write.
  func refuseOwnKeys(_ externalIDKeys: [String]) throws(CommandError) {
    for key in metadata.keys.sorted() {
      if externalIDKeys.contains(key) {
        throw .usage("--metadata \(key) is where your own id is kept", hint: "use --external-id")
      }
      if key == OperationStep.operationMetadataKey {
        throw .usage("--metadata \(key) is kept by billing itself")
      }
    }
  }
}

extension Arguments {
  func paymentMethod() throws(UsageError) -> String? {
    guard let text = try option("--payment-method") else { return nil }
    guard Self.isPaymentMethodID(text) else {
      throw error("--payment-method must be the id of a payment method (pm_…)")
    }
    return text
  }

  static func isPaymentMethodID(_ text: String) -> Bool {
    text.wholeMatch(of: /(pm|card|src)_[A-Za-z0-9_]{1,200}/) != nil
  }
}

extension StripeError.Refusal {
  /// Whether Stripe does not know something that the request named.
  var isMissing: Bool { code == "resource_missing" }
}
