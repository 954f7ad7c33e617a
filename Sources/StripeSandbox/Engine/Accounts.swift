import Basics

/// The account of this sandbox: `/v1/account`.
enum Accounts: Resource {
  static let types = [ResourceType("account", idPrefix: "acct")]

  static let operations: [Operation] = [
    .get("/v1/account", retrieve),
    .own(
      "POST", "/sandbox/account", parameters: ["api_version": .string], required: ["api_version"],
      returns: "account", update),
  ]

  private static func retrieve(_ call: Call) throws -> JSON {
    var account = try JSON(parsing: template).object ?? [:]
    account["id"] = .string(call.settings.accountID)
    account["created"] = .integer(call.settings.accountCreated.seconds)
    return .object(account)
  }

  /// Sets the version of requests that name none and of the events, as one does in the Dashboard.
  private static func update(_ call: Call) throws -> JSON {
    let name = call.string("api_version") ?? ""
    guard let version = APIVersion(name) else { throw SandboxError.unknownVersion(name) }
    var settings = call.settings
    settings.apiVersion = version
    try settings.write(to: call.store)
    return try retrieve(call)
  }

  /// A business in the United States that may do everything.
  private static let template = #"""
    {"id":null,"object":"account","business_profile":{"annual_revenue":null,
    "estimated_worker_count":null,"mcc":null,"minority_owned_business_designation":null,
    "name":"Sandbox","product_description":null,"support_address":null,"support_email":null,
    "support_phone":null,"support_url":null,"url":null},"business_type":"company",
    "capabilities":{"card_payments":"active","transfers":"active"},"charges_enabled":true,
    "controller":{"type":"account"},"country":"US","created":0,"default_currency":"usd",
    "details_submitted":true,"email":"sandbox@example.com",
    "future_requirements":{"alternatives":[],"current_deadline":null,"currently_due":[],
    "disabled_reason":null,"errors":[],"eventually_due":[],"past_due":[],
    "pending_verification":[]},"metadata":{},"payouts_enabled":true,
    "requirements":{"alternatives":[],"current_deadline":null,"currently_due":[],
    "disabled_reason":null,"errors":[],"eventually_due":[],"past_due":[],
    "pending_verification":[]},"settings":{
    "bacs_debit_payments":{"display_name":null,"service_user_number":null},
    "branding":{"icon":null,"logo":null,"primary_color":null,"secondary_color":null},
    "card_issuing":{"tos_acceptance":{"date":null,"ip":null}},
    "card_payments":{"decline_on":{"avs_failure":false,"cvc_failure":false},
    "statement_descriptor_prefix":null,"statement_descriptor_prefix_kana":null,
    "statement_descriptor_prefix_kanji":null},
    "dashboard":{"display_name":"Sandbox","timezone":"Etc/UTC"},
    "invoices":{"default_account_tax_ids":null,"hosted_payment_method_save":null},
    "payments":{"statement_descriptor":null,"statement_descriptor_kana":null,
    "statement_descriptor_kanji":null,"statement_descriptor_prefix_kana":null,
    "statement_descriptor_prefix_kanji":null},"payouts":{"debit_negative_balances":true,
    "schedule":{"delay_days":2,"interval":"daily"},"statement_descriptor":null},
    "sepa_debit_payments":{}},"tos_acceptance":{"date":null,"ip":null,"user_agent":null},
    "type":"standard"}
    """#
}

/// What the account has earned: `/v1/balance`.
enum Balance: Resource {
  static let types = [ResourceType("balance", idPrefix: "")]

  static let operations: [Operation] = [.get("/v1/balance", retrieve)]

  /// The sum of all charges that succeeded, less what was refunded. The sandbox takes no fees and
  /// pays nothing out.
  private static func retrieve(_ call: Call) throws -> JSON {
    var sums: [String: Int64] = ["usd": 0]
    for charge in try call.all("charge") where charge["paid"] == true {
      let taken = (charge["amount_captured"] ?? charge["amount"])?.integer ?? 0
      let kept = taken.subtractingReportingOverflow(charge["amount_refunded"]?.integer ?? 0)
      let currency = charge["currency"]?.string ?? "usd"
      sums[currency] =
        sums[currency, default: 0].addingReportingOverflow(kept.partialValue)
        .partialValue
    }
    let available = sums.sorted { $0.key < $1.key }.map { currency, amount -> JSON in
      [
        "amount": .integer(amount), "currency": .string(currency),
        "source_types": ["card": .integer(amount)],
      ]
    }
    let pending = sums.keys.sorted().map { currency -> JSON in
      ["amount": 0, "currency": .string(currency), "source_types": ["card": 0]]
    }
    return [
      "object": "balance", "available": .array(available), "livemode": false,
      "pending": .array(pending),
    ]
  }
}
