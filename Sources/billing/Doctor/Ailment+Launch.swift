/// What is to be so before real money moves: `doctor --go-live`.
extension Ailment {
  static let launch = [
    noLiveKey, mightyKey, noLiveWebhookSecret, noReturnAddress, insecureReturnAddress,
    cannotCharge, cannotPayOut, overdueRequirements, dueRequirements, noStatementDescriptor,
    noPortal, otherPortal, noCatalogue, catalogueBehind, noLiveEndpoint, incompleteLiveEndpoint,
    nobodyTold, noMailServer, mailServerRefuses, slackRefuses, nothingReceived, noBackup, oldBackup,
  ]

  static let noLiveKey = Ailment(
    "live_key", "This run has no live key, so what it finds is not about real money.",
    do: "set STRIPE_SECRET_KEY to rk_live_…", code: "wrong_mode")

  static let mightyKey = Ailment(
    "live_key", "The key may do everything; whoever gets hold of it, too.",
    do: "make a restricted key (rk_live_…) with what this tool needs")

  static let noLiveWebhookSecret = Ailment(
    "live_webhook_secret", "Webhooks cannot be verified.",
    do: "make an endpoint in Stripe's dashboard; its signing secret begins with whsec_")

  static let noReturnAddress = Ailment(
    "return_url", "It is not known where customers return to from checkout and portal.",
    do: "checkout and portal need it, or urls in plans.yaml, or their options")

  static let insecureReturnAddress = Ailment(
    "return_url", "Customers would return to a page that is not encrypted.",
    do: "use an address that begins with https://")

  static let cannotCharge = Ailment(
    "account", "Stripe does not let this account charge cards yet.",
    do: "complete its details in Stripe's dashboard")

  static let cannotPayOut = Ailment(
    "account", "Stripe does not pay out to this account yet: what is charged stays with Stripe.",
    do: "add a bank account in Stripe's dashboard, and complete its details")

  static let overdueRequirements = Ailment(
    "account", "Stripe waits for details that are overdue, and may stop charges and payouts.",
    do: "complete its details in Stripe's dashboard")

  static let dueRequirements = Ailment(
    "account", "Stripe asks for more details, and stops charges or payouts when they do not come.",
    do: "complete its details in Stripe's dashboard")

  static let noStatementDescriptor = Ailment(
    "statement_descriptor",
    "Customers would not know the charge on their card's statement, and dispute it.",
    do: "set it in Stripe's dashboard, among what customers see of the business")

  static let noPortal = Ailment(
    "portal", "The customer portal is not set up: billing portal is refused.",
    do: "billing portal configure makes it as plans.yaml says")

  static let otherPortal = Ailment(
    "portal", "The customer portal offers something else than plans.yaml says.",
    do: "billing portal configure makes it as plans.yaml says")

  static let noCatalogue = Ailment(
    "catalogue", "There is no catalogue, so there is nothing to sell.",
    do: "billing init writes one; billing plans seed brings it to Stripe")

  static let catalogueBehind = Ailment(
    "catalogue", "Stripe's products and prices are not those of plans.yaml.",
    do: "billing plans diff shows it; billing plans seed brings it in step", code: "drift")

  static let noLiveEndpoint = Ailment(
    "webhook_endpoint", "Stripe has no endpoint to send events to.",
    do: "billing webhook endpoints create URL --save, for the https address of your listener")

  static let incompleteLiveEndpoint = Ailment(
    "webhook_endpoint", "No endpoint is sent all events that have an effect here.",
    do: "choose them in Stripe's dashboard, or make one anew with billing webhook endpoints create")

  static let nobodyTold = Ailment(
    "notifications", "Neither customers nor operators are told of anything by mail.",
    do: "add notifications: {} to plans.yaml; see billing notify flush --help")

  static let noMailServer = Ailment(
    "smtp", "What customers and operators are to be told by mail stays in the outbox.",
    do: "set SMTP_URL to smtp://USER:PASSWORD@HOST:587")

  static let mailServerRefuses = Ailment(
    "smtp", "The mail server of SMTP_URL cannot be reached, or does not let this user in.",
    do: "compare SMTP_URL with what your mail provider says: host, port, user, password")

  static let slackRefuses = Ailment(
    "slack", "Slack does not take messages at the address of SLACK_WEBHOOK_URL.",
    do: "make a new incoming webhook in Slack's settings, and set SLACK_WEBHOOK_URL to it")

  static let nothingReceived = Ailment(
    "webhook_received", "No webhook has come in whose signature was verified with your secret.",
    do: "start billing webhook listen, and change something small in Stripe's dashboard")

  static let noBackup = Ailment(
    "backup", "The database was never backed up, and not all of it can be had from Stripe again.",
    do: "billing db backup FILE, every day, to another disk")

  static let oldBackup = Ailment(
    "backup", "The last backup is old: usage, tokens and keys since then could not be had again.",
    do: "billing db backup FILE, every day, to another disk")
}
