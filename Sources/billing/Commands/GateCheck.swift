import Basics
import BillingCore
import Stripe

struct GateCheck: Command {
  static let name = "gate check"
  static let summary = "Ask whether a customer may use a feature or have one more of a limit"
  static let discussion = """
    Decides by the customer's plan, what it was granted of its own and what it has used or holds,
    from the mirror and plans.yaml: without a key and without asking Stripe. Exit 0 when it may, 3
    when it may not; either way the decision is on standard output.

    A feature is allowed when it is true or a text that is not empty, a limit when one more fits.
    With --consume N more have to fit, and when they do they are counted in the same step: a flow
    (a limit that is metered) as usage, a level (projects, seats, runs at the same time) as held,
    until gate release gives it back or --lease is over. So however many ask at once, no more are
    let through than the plan allows.

    --used tells how many of a level the customer has by your own count; nothing is counted here
    then.
    """
  static let parameters: [Parameter] = [
    .customer,
    .required("FEATURE", "A limit or feature of plans.yaml"),
    .option("--consume", "N", "Ask for N more of a limit, and count them when they are allowed"),
    .option("--lease", "DURATION", "Give them back by itself after so long (15m)"),
    .option("--used", "N", "How many of a level the customer has, by your own count"),
  ]
  static let examples = [
    "gate check ada@example.com sso", "gate check ada@example.com ai_requests --consume 1",
    "gate check user-17 concurrent_runs --consume 1 --lease 15m",
    "gate check ada@example.com projects --used 9 --json",
  ]

  var reference: CustomerReference
  var featureID: String
  var consume: Int64?
  var lease: TimeSpan?
  var used: Int64?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    featureID = try arguments.positional("FEATURE")
    consume = try arguments.integer("--consume", in: 1...Int64.max)
    lease = try arguments.span("--lease")
    used = try arguments.integer("--used")
    guard lease == nil || (consume != nil && used == nil) else {
      throw arguments.error("--lease is for what is taken with --consume, without --used")
    }
    guard lease != TimeSpan() else { throw arguments.error("--lease must be longer than nothing") }
  }

  func run(_ context: Context) async throws -> ChangeReport {
    let catalogue = try context.catalogue()
    try catalogue.requireRight(featureID)
    if used != nil {
      try catalogue.requireLevel(featureID, for: "--used", hint: "leave --used out")
    }
    if lease != nil {
      try catalogue.requireLevel(
        featureID, for: "--lease", hint: "usage is not given back; leave --lease out")
    }
    if let consume, used == nil {
      try requireConsumable(consume, in: catalogue)
      return try await run(taking: consume, catalogue, context)
    }
    let customer = try await context.localDirectory().customer(reference)
    let now = try context.now()
    let json = try context.store().read { transaction in
      let gate = try transaction.gate(of: customer, in: catalogue, at: now)
      return try shown(
        transaction.decision(
          on: featureID, asked: consume ?? 1, used: used, by: customer, through: gate, at: now),
        gate)
    }
    return .changed(GateView.report(json))
  }

  /// Takes so many, where they are allowed.
  private func run(
    taking units: Int64, _ catalogue: Catalogue, _ context: Context
  ) async throws -> ChangeReport {
    try context.requireOwnWrite("count \(units) of \(featureID) for \(reference.text)")
    let customer = try await context.localDirectory().customer(reference)
    let now = try context.now()
    let use = GateUse(
      featureID: featureID, units: units, lease: lease,
      eventID: "use_\(context.world.makeToken(16))", actor: context.settings.actor)
    if context.settings.isDryRun { return try planned(use, customer, catalogue, context) }
    let answer = try context.store().write { transaction in
      try transaction.once(
        context.ownChange(Self.name, meaning: meaning(customer.id)),
        isKept: { $0["allowed"] == true }
      ) {
        let gate = try transaction.gate(of: customer, in: catalogue, at: now)
        let decision = try transaction.consume(use, by: customer, through: gate, at: now)
        return .object(try shown(decision, gate))
      }
    }
    return .changed(GateView.report(answer.object ?? [:]))
  }

  private func shown(_ decision: GateDecision?, _ gate: Gate) throws -> JSONObject {
    guard let decision else { throw CommandError.notFound("no plan names \(featureID)") }
    return GateView.json(decision, gate)
  }

  private func planned(
    _ use: GateUse, _ customer: CustomerRow, _ catalogue: Catalogue, _ context: Context
  ) throws -> ChangeReport {
    let now = try context.now()
    let json = try context.store().read { transaction in
      let gate = try transaction.gate(of: customer, in: catalogue, at: now)
      return try shown(
        transaction.decision(
          on: featureID, asked: use.units, by: customer, through: gate, at: now), gate)
    }
    guard json["allowed"] == true else { return .changed(GateView.report(json)) }
    let isFlow = catalogue.meter(featureID) != nil
    return .planned(
      DryRunReport(changes: [
        [
          "object": isFlow ? "usage_event" : "level", "customer": .string(customer.id),
          "feature": .string(featureID), "taken": .integer(use.units),
        ]
      ]))
  }

  private func requireConsumable(_ units: Int64, in catalogue: Catalogue) throws(CommandError) {
    guard catalogue.limitIDs.contains(featureID) else {
      throw .usage(
        "--consume is for limits, and \(featureID) is a feature", hint: "leave --consume out")
    }
    guard catalogue.meter(featureID)?.aggregation != .count || units == 1 else {
      throw .usage(
        "\(featureID) counts events, and --consume \(units) would be \(units) of them",
        hint: "ask for each with --consume 1")
    }
  }

  private func meaning(_ customerID: String) -> String {
    let words: JSON = [
      "customer": .string(customerID), "feature": .string(featureID), "consume": JSON(consume),
      "lease": JSON(lease.map { "\($0.months) months \($0.seconds) s" }),
    ]
    return words.compact
  }
}
