import Basics
import BillingCore
import Stripe

struct ApikeyCreate: Command {
  static let name = "apikey create"
  static let summary = "Issue an API key to a customer; it is shown once"
  static let discussion = """
    The key begins with the key_prefix of plans.yaml and the mode (cdt_live_…, cdt_test_…), has 256
    bits of randomness, and ends with a checksum, so that a slip of typing is told without asking
    anyone. Only its SHA-256 and its beginning are stored: who loses it has it rotated.

    What it may do is what the customer's plan says under api: in plans.yaml, at any time; a plan
    that says nothing there while others do has no API, and where no plan says anything keys have no
    limits. A name stands for one active key of a customer. Stripe is not told, and no Stripe key is
    needed.

    JSON: the key's fields and key, which is null where an earlier run made it under the same
    --idempotency-key.
    """
  static let parameters: [Parameter] = [
    .customer,
    .option("--name", "N", "What it is for: production, ci"),
    .option("--expires", "T", "When it ends: a time, or a span from now (90d); default never"),
  ]
  static let examples = [
    "apikey create ada@example.com --name production",
    "apikey create ada@example.com --name ci --expires 90d --json",
  ]

  var reference: CustomerReference
  var keyName: String?
  var expires: TimeArgument?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    keyName = try arguments.keyName()
    expires = try arguments.time("--expires")
  }

  func run(_ context: Context) async throws -> ChangeReport {
    let catalogue = try context.catalogue()
    try context.requireOwnWrite("issue an API key to \(reference.text)")
    let customer = try await context.localDirectory().customer(reference)
    let now = try context.now(ofCustomer: customer.id)
    let request = APIKey.Request(
      customerID: customer.id, name: keyName,
      expiresAt: try expires.map { try $0.ahead(of: now, called: "--expires") },
      actor: context.settings.actor,
      change: context.ownChange(
        Self.name,
        [
          "customer": .string(customer.id), "name": JSON(keyName),
          "expires": OwnMeaning.word(expires),
        ]))
    if context.settings.isDryRun {
      try context.store().read { try $0.requireFreeName(request, at: now) }
      return .planned(APIKeyView.plan("create", request))
    }
    let issued = try context.issue(request, catalogue, at: now)
    let view = try APIKeyView(context, catalogue)
    return .changed(
      view.report(try view.json(issued), closing: APIKeyView.closing(issued)))
  }
}

extension Context {
  /// Makes a key of this run's mode and of the company's prefix.
  func issue(
    _ request: APIKey.Request, _ catalogue: Catalogue, at now: Timestamp
  ) throws -> APIKey.Issued {
    let fresh = try freshKey(catalogue)
    return try store().write { try $0.issue(request, as: fresh, at: now) }
  }

  func freshKey(_ catalogue: Catalogue) throws -> APIKey.Fresh {
    APIKey.Fresh(
      id: "key_" + world.makeToken(16),
      secret: APIKeySecret(
        prefix: catalogue.keyPrefix, mode: try store().mode() == .live ? .live : .test,
        random: world.makeToken(APIKeySecret.randomLength)))
  }

  /// The time by which a customer lives: of its test clock where it has one.
  func now(ofCustomer id: String) throws -> Timestamp {
    let clock = try now()
    return try store().read { try $0.time(ofCustomer: id, at: clock) }
  }
}

extension TimeArgument {
  /// The moment that is meant; a usage error where it does not lie ahead.
  func ahead(of now: Timestamp, called name: String) throws(CommandError) -> Timestamp {
    let moment = after(now)
    guard moment > now else {
      throw .usage("\(name) must lie ahead, and it is \(Cell(time: JSON(now)).text)")
    }
    return moment
  }
}

extension Arguments {
  /// `--name N` of a key: a line that lists can show.
  func keyName() throws(UsageError) -> String? {
    guard let name = try option("--name") else { return nil }
    let isLine = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    guard isLine, (1...100).contains(name.count), !name.allSatisfy(\.isWhitespace) else {
      throw error("--name must be a line of 1 to 100 characters")
    }
    return name
  }

  /// The id of a key. Who gives the key itself is not told what it was: it stands in the history of
  /// the shell already, and need not stand in a log, too.
  mutating func keyID() throws(UsageError) -> String {
    let word = try positional("ID")
    guard !APIKeySecret.resembles(word) else {
      throw error("ID is a key's id (key_…); the key itself does not belong on a command line")
    }
    return word
  }
}

extension Parameter {
  static let keyID = required("ID", "A key's id (key_…), as apikey list shows it")
}
