import Basics
import Stripe

/// Finds the customer that a reference means, at Stripe or in the mirror.
package struct CustomerDirectory: Sendable {
  private let store: Store
  private let mirror: StripeMirror
  /// Nil where only the mirror is asked.
  private let gateway: StripeGateway?
  private let externalIDKeys: [String]

  package init(
    store: Store, mirror: StripeMirror, gateway: StripeGateway?, externalIDKeys: [String]
  ) {
    self.store = store
    self.mirror = mirror
    self.gateway = gateway
    self.externalIDKeys = externalIDKeys
  }

  /// The one customer that is meant. Throws `CustomerError`, and what Stripe or the store throws.
  package func customer(_ reference: CustomerReference) async throws -> CustomerRow {
    let found = try await customers(reference)
    guard let first = found.first else { throw CustomerError.notFound(reference) }
    guard found.count == 1 else {
      throw CustomerError.ambiguous(reference, candidates: found)
    }
    return first
  }

  /// All customers that a reference may mean; deleted ones are not among them.
  package func customers(_ reference: CustomerReference) async throws -> [CustomerRow] {
    guard let gateway else { return try store.read { try $0.customers(reference) } }
    let found: [JSON]
    switch reference {
    case .id(let id):
      found = try await gateway.readIfKnown(StripePath("customers", id)).map { [$0] } ?? []
    case .email(let email):
      found = try await gateway.list(StripePath("customers"), ["email": .string(email)]).objects
    case .externalID(let externalID):
      found = try await customersAtStripe(externalID: externalID, gateway)
    }
    return try found.map { json in
      let customer = try Customer(json)
      return CustomerRow(customer, externalID: mirror.externalID(in: customer.metadata))
    }.filter { !$0.isDeleted }
  }

  /// Stripe cannot list by metadata: the mirror tells the id, which is read again; for a customer
  /// that the mirror never saw there is only Stripe's search.
  private func customersAtStripe(
    externalID: String, _ gateway: StripeGateway
  ) async throws -> [JSON] {
    let known = try store.read { try $0.customers(externalID: externalID) }
    var found: [JSON] = []
    for customer in known {
      if let json = try await gateway.readIfKnown(StripePath("customers", customer.id)),
        try mirror.externalID(in: Customer(json).metadata) == externalID
      {
        found.append(json)
      }
    }
    guard found.isEmpty else { return found }
    for key in externalIDKeys {
      let query = "metadata['\(Self.quoted(key))']:'\(Self.quoted(externalID))'"
      found = try await gateway.search(StripePath("customers", "search"), query: query)
      if !found.isEmpty { break }
    }
    return found
  }

  /// Quotes and backslashes are escaped with a backslash in Stripe's query language.
  private static func quoted(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if character == "'" || character == "\\" { result.append("\\") }
      result.append(character)
    }
  }
}

extension Transaction {
  /// All customers of the mirror that a reference may mean; deleted ones are not among them.
  func customers(_ reference: CustomerReference) throws -> [CustomerRow] {
    switch reference {
    case .id(let id): try customer(id).map { [$0] }?.filter { !$0.isDeleted } ?? []
    case .email(let email): try customers(email: email)
    case .externalID(let externalID): try customers(externalID: externalID)
    }
  }
}
