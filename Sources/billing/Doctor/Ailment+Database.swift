import BillingCore

/// What can be wrong with the database, with what waits in it, and with the catalogue.
extension Ailment {
  static let database =
    [
      noDatabase,
      Ailment(
        "database",
        "The file is damaged: a broken disk, or a copy that was made while it was used.",
        passedOn: StoreError.damaged(path: "", detail: "")),
      Ailment(
        "database", "The file is empty: its content was lost, or somebody made it by hand.",
        passedOn: StoreError.empty(path: "")),
      Ailment(
        "database", "The file is another program's.", passedOn: StoreError.otherProgram(path: "")),
      Ailment(
        "database", "The file was written by a newer billing.",
        passedOn: StoreError.newerVersion(path: "", found: 0, known: 0)),
      otherMode, damagedPages, brokenReferences, readOnlyDatabase, otherTables, ledgerOff,
      uncreditedTokens, totalsOff, columnsOff,
    ] + waiting

  private static let waiting = [
    unsettled, longUnsettled, deadEvents, failingEvents, contradictions, pendingEvents,
    undeliveredForwards, undelivered, unsentNotifications, givenUpDeliveries,
    Ailment(
      "plans", "There is no catalogue where one was named.",
      passedOn: CatalogueError.missing(path: "")),
    noPlans, plansWithMistakes, vanishedPlans, frozen,
  ]

  // MARK: The file

  static let noDatabase = Ailment(
    "database", "There is no database yet; the first command that needs one makes it.",
    do: "billing init makes it")

  static let otherMode = Ailment(
    "database", "The file belongs to another mode (sandbox, test, live) than this run.",
    do: "use another file with --db", code: "wrong_mode")

  static let damagedPages = Ailment(
    "database", "Pages of the file contradict each other: a broken disk, or another program wrote.",
    do: "restore it from a backup: billing db restore FILE", code: "invalid_database")

  static let brokenReferences = Ailment(
    "database", "Rows point at others that are gone: something else than billing removed them.",
    do: "restore it from a backup: billing db restore FILE", code: "invalid_database")

  static let readOnlyDatabase = Ailment(
    "database", "The file can only be read: commands that change something are refused.",
    do: "run it as a user who may write there")

  static let otherTables = Ailment(
    "database", "A table or a rule is not as billing makes it: somebody changed the tables.",
    do: "restore it from a backup: billing db restore FILE", code: "invalid_database")

  // MARK: What stands in it

  static let ledgerOff = Ailment(
    "ledger", "The tokens do not add up: something else than billing wrote into the ledger.",
    do: "billing tokens audit says where; compare with a backup", code: "drift", exit: .partial)

  static let uncreditedTokens = Ailment(
    "ledger", "A customer paid for tokens of a package that plans.yaml does not have.",
    do: TokenAudit.uncreditedHint)

  static let totalsOff = Ailment(
    "usage",
    "Totals of usage or counts of a level are not what their events come to, so gates and bills "
      + "may be wrong.",
    do: "compare with a backup: nothing of billing's writes it so", code: "drift", exit: .partial)

  static let columnsOff = Ailment(
    "mirror",
    "Columns of the mirror are not what Stripe last said: lists and reports may be wrong.",
    do: "billing sync --full reads everything anew", code: "drift", exit: .partial)

  // MARK: What waits

  static let unsettled = Ailment(
    "operations",
    "A change was written down and its outcome is not known: a crash, or an answer that was lost.",
    do: "billing recover settles it")

  static let longUnsettled = Ailment(
    "operations",
    "For most of a day nobody has settled a change; Stripe soon repeats the answer no more.",
    do: "billing recover settles it", code: "outcome_unknown")

  static let deadEvents = Ailment(
    "events", "Events failed again and again and were given up: what they say has had no effect.",
    do: "billing webhook list --status failed tells why; billing webhook retry runs them again",
    code: "partial")

  static let failingEvents = Ailment(
    "events", "Events failed and will be tried again.",
    do: "billing webhook list --status failed tells why; billing webhook retry does not wait")

  static let contradictions = Ailment(
    "events",
    "Deliveries had the id of a known event and said something else: a forgery, or a mix-up.",
    do: "billing webhook show EVT shows both; look at who else knows the signing secret")

  static let pendingEvents = Ailment(
    "queues", "Events were received and wait: the listener that took them in is not running.",
    do: "start billing webhook listen again, which applies them first")

  static let undeliveredForwards = Ailment(
    "queues", "Your application was to be handed events and has not taken them.",
    do: "see that it answers, then billing webhook replay --forward-to URL --since T")

  static let undelivered = Ailment(
    "queues", "Services of your own were to be told something, and have not taken it.",
    do: "billing delivery list tells why; billing webhook listen or delivery retry sends it")

  static let unsentNotifications = Ailment(
    "queues", "Customers or operators were to be told something, and have not been.",
    do: "billing notify list tells why; billing webhook listen or notify flush sends it")

  static let givenUpDeliveries = Ailment(
    "deliveries", "A service of your own has not taken a message for so long that it was given up.",
    do: "billing delivery list --status failed tells why; billing delivery retry sends it again")

  // MARK: The catalogue

  static let noPlans = Ailment(
    "plans", "There is no catalogue yet: nothing can be sold, and no limit is known.",
    do: "billing init writes one")

  static let plansWithMistakes = Ailment(
    "plans", "The catalogue has mistakes: commands that need it end with exit 8.",
    do: "billing plans validate names each mistake and its place", code: "invalid_plans")

  static let vanishedPlans = Ailment(
    "vanished_plans",
    "Customers are on a plan that the catalogue lacks: their gates end with exit 8.",
    do: VanishedPlanWords.hint, code: "invalid_plans")

  static let frozen = Ailment(
    "selling", "Somebody has frozen selling: new subscriptions or tokens are refused with exit 5.",
    do: "billing unfreeze sells again")
}
