import Basics

/// The account of this sandbox: `/v1/account`.
enum Accounts: Resource {
  static let types = [ResourceType("account", idPrefix: "acct")]

  static let operations: [Operation] = [.get("/v1/account", retrieve)]

  private static func retrieve(_ call: Call) throws -> JSON {
    [
      "id": .string(call.settings.accountID),
      "object": "account",
    ]
  }
}
