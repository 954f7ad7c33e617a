import Basics
import BillingCore
import Stripe

/// What one line of an import comes to.
struct CustomerImporting: Sendable {
  let context: Context
  let externalIDKey: String

  /// The result of a line. Only what ends the whole import (a signal, a broken database) throws.
  func result(of line: CustomerTable.Line) async throws -> LineResult {
    do {
      let fields = try line.fields.get()
      let (operation, isDone, customer) = try await upsert(fields)
      return LineResult(
        line: line.number, operation: operation, customer: customer?.id,
        status: isDone ? .alreadyDone : .done,
        result: try customer.map { try self.result($0) } ?? .null)
    } catch is CancellationError {
      throw CancellationError()
    } catch let error as StoreError {
      throw error
    } catch {
      return LineResult(
        line: line.number, operation: "import", status: .failed,
        error: CommandError(explaining: error))
    }
  }

  private func upsert(
    _ fields: CustomerFields
  ) async throws -> (operation: String, isDone: Bool, customer: CustomerRow?) {
    let directory = try await context.directory()
    let reference = CustomerReference.externalID(fields.externalID ?? "")
    let found = try await directory.customers(reference)
    guard found.count < 2 else {
      throw CustomerError.ambiguous(reference, candidates: found)
    }
    guard let customer = found.first else {
      let plan = CustomerPlanning.create(fields.withoutBlanks, externalIDKey: externalIDKey)
      guard !context.settings.isDryRun else { return ("create", false, nil) }
      let outcome = try await context.carryOut(plan)
      return ("create", false, try await directory.customer(.id(outcome.operation.objectID ?? "")))
    }
    let changes = fields.differences(from: customer)
    guard changes != CustomerFields() else { return ("update", true, customer) }
    guard !context.settings.isDryRun else { return ("update", false, customer) }
    _ = try await context.carryOut(
      CustomerPlanning.update(customer.id, changes, externalIDKey: externalIDKey))
    return ("update", false, try await directory.customer(.id(customer.id)))
  }

  private func result(_ customer: CustomerRow) throws -> JSON {
    let subscriptions = try context.store().read {
      try $0.subscriptions(ofCustomer: customer.id)
    }
    return .object(
      CustomerView.json(customer, try context.currentPlan(of: customer, subscriptions)))
  }

  /// A customer that the file does not have.
  static func gone(_ customer: CustomerRow) -> LineResult {
    LineResult(operation: "gone", customer: customer.id, status: .alreadyDone)
  }
}

extension CustomerFields {
  /// Empty cells say nothing of a new customer.
  fileprivate var withoutBlanks: CustomerFields {
    var fields = self
    if fields.name?.isEmpty == true { fields.name = nil }
    if fields.description?.isEmpty == true { fields.description = nil }
    fields.metadata = fields.metadata.filter { !$0.value.isEmpty }
    return fields
  }

  /// What would become different of a customer; nothing where all is as the fields say.
  fileprivate func differences(from customer: CustomerRow) -> CustomerFields {
    var changes = CustomerFields()
    if let email, email != customer.email { changes.email = email }
    if let name, name != customer.name ?? "" { changes.name = name }
    if let description, description != customer.description ?? "" {
      changes.description = description
    }
    changes.metadata = metadata.filter { $0.value != customer.metadata[$0.key] ?? "" }
    return changes
  }
}
