/// All commands, and the groups that their names form.
enum Registry {
  static let commands: [any Command.Type] = [
    Init.self,
    Doctor.self,
    PlansList.self,
    PlansShow.self,
    PlansValidate.self,
    PlansDiff.self,
    PlansSeed.self,
    PlansPage.self,
    CustomerCreate.self,
    CustomerShow.self,
    CustomerList.self,
    CustomerUpdate.self,
    CustomerDelete.self,
    CustomerImport.self,
    CustomerOverview.self,
    CustomerTimeline.self,
    Subscribe.self,
    Upgrade.self,
    Downgrade.self,
    Cancel.self,
    Resume.self,
    Pause.self,
    Unpause.self,
    TrialExtend.self,
    TrialEnd.self,
    DiscountApply.self,
    DiscountRemove.self,
    FreezeCommand.self,
    Unfreeze.self,
    SubscriptionShow.self,
    SubscriptionList.self,
    SubscriptionHistory.self,
    Checkout.self,
    Portal.self,
    PortalConfigure.self,
    InvoiceList.self,
    InvoiceShow.self,
    InvoicePreview.self,
    UsageRecord.self,
    UsageSet.self,
    UsageImport.self,
    UsageSummary.self,
    UsageReport.self,
    UsageOverage.self,
    UsageAlerts.self,
    UsageAnalytics.self,
    GateCheck.self,
    GateRelease.self,
    GateList.self,
    TokensPackages.self,
    TokensBalance.self,
    TokensGrant.self,
    TokensConsume.self,
    TokensBuy.self,
    TokensHistory.self,
    TokensAudit.self,
    EntitlementSet.self,
    EntitlementUnset.self,
    EntitlementList.self,
    ApikeyCreate.self,
    ApikeyList.self,
    ApikeyVerify.self,
    ApikeyRevoke.self,
    ApikeyRotate.self,
    Apply.self,
    InvoiceFinalize.self,
    InvoicePay.self,
    InvoiceVoid.self,
    InvoiceRetry.self,
    InvoiceDownload.self,
    Refund.self,
    PaymentMethodList.self,
    PaymentMethodAttach.self,
    PaymentMethodDetach.self,
    PaymentMethodDefault.self,
    WebhookEndpointsList.self,
    WebhookEndpointsCreate.self,
    WebhookEndpointsDelete.self,
    NotifyList.self,
    NotifyFlush.self,
    MetricsCommand.self,
    ReportCommand.self,
    Recover.self,
    WebhookReplay.self,
    WebhookList.self,
    WebhookShow.self,
    WebhookRetry.self,
    WebhookVerify.self,
    WebhookSign.self,
    WebhookTrigger.self,
    WebhookListen.self,
    EndpointAdd.self,
    EndpointList.self,
    EndpointRemove.self,
    EndpointTest.self,
    DeliveryList.self,
    DeliveryRetry.self,
    Sync.self,
    DbBackup.self,
    DbCheck.self,
    DbRestore.self,
    SandboxServe.self,
    SandboxReset.self,
    SandboxShow.self,
    SandboxAdvance.self,
    SandboxEvents.self,
    SandboxSettings.self,
    SandboxCheckoutComplete.self,
    SandboxCheckoutExpire.self,
    SandboxPortalAct.self,
    SandboxAuthenticate.self,
    SandboxFaultAdd.self,
    SandboxFaultList.self,
    SandboxFaultClear.self,
    SandboxCall.self,
    Version.self,
    Help.self,
    CompletionCommand.self,
    Commands.self,
  ]

  /// What a group is about, for its help.
  static let groups: [(name: String, summary: String)] = [
    ("plans", "The catalogue: plans.yaml and what Stripe has of it"),
    ("customer", "Customers"),
    ("trial", "Trials that run"),
    ("discount", "Discounts of running subscriptions"),
    ("subscription", "Subscriptions, one by one and in lists"),
    ("portal", "The customer portal: a visit, and what customers may do there"),
    ("invoice", "Invoices"),
    ("usage", "What customers use: counted, summed up, reported"),
    ("gate", "What a customer may do now"),
    ("tokens", "Packages of tokens, and what customers have of them"),
    ("entitlement", "One customer's own limits and features"),
    ("apikey", "API keys that you issue to customers"),
    ("payment-method", "Payment methods of customers"),
    ("webhook", "What Stripe tells by itself: received, kept, run again"),
    ("webhook endpoints", "Where Stripe sends events"),
    ("endpoint", "Your own services that are told what happens"),
    ("delivery", "What your own services were told"),
    ("notify", "What customers and operators are told by mail and in Slack"),
    ("db", "The state database: copied, checked, put back"),
    ("sandbox", "The Stripe in the box"),
    ("sandbox checkout", "The customer on the checkout page"),
    ("sandbox portal", "The customer in the customer portal"),
    ("sandbox fault", "What goes wrong on purpose"),
  ]

  /// Groups whose customer stands before the last word: `trial CUSTOMER extend`.
  static let customerFirstGroups: Set<String> = ["trial"]

  /// The words of a command with its arguments: `trial CUSTOMER extend`.
  static func usage(of command: any Command.Type) -> [String] {
    var words = command.name.split(separator: " ").map { String($0) }
    var arguments = command.parameters.filter { $0.isPositional }.map { $0.usage }
    if customerFirstGroups.contains(words.dropLast().joined(separator: " ")), !arguments.isEmpty {
      words.insert(arguments.removeFirst(), at: words.count - 1)
    }
    return words + arguments
  }

  static func command(_ name: String) -> (any Command.Type)? {
    commands.first { $0.name == name }
  }

  /// The commands whose names start with these words and have more.
  static func members(of group: String) -> [any Command.Type] {
    commands.filter { group.isEmpty || $0.name.hasPrefix(group + " ") }
  }

  static func isGroup(_ name: String) -> Bool { !members(of: name).isEmpty }

  /// The words that may come after a path of words, without repetition, in the order of the list.
  static func words(after path: String) -> [String] {
    var words: [String] = []
    for command in members(of: path) {
      let rest = path.isEmpty ? command.name[...] : command.name.dropFirst(path.count + 1)
      let word = String(rest.prefix { $0 != " " })
      if !words.contains(word) { words.append(word) }
    }
    return words
  }
}
