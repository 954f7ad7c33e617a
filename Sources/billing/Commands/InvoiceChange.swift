import Basics
import BillingCore
import Stripe

/// The way that every change of one invoice goes: find it, settle what the same change left open,
/// read it, plan, and show the requests or carry them out.
struct InvoiceChange {
  let id: String

  func run(
    _ context: Context, meaning intent: (_ customerID: String?) -> OperationIntent,
    planning plan: (Invoice, OperationIntent) throws -> OperationPlan
  ) async throws -> ChangeReport {
    let found = try await invoice(context)
    let intent = intent(found.customerID)
    let earlier = try await context.settleEarlier(intent)
    if earlier.result != nil { return try await Self.report(id, context) }
    var plan = try await self.plan(context) { try plan($0, intent) }
    plan.journalPosition = earlier.journalPosition
    if context.settings.isDryRun { return .planned(DryRunReport(plan)) }
    _ = try await context.carryOut(plan)
    return try await Self.report(id, context)
  }

  /// What is paid can be given back, but only what was paid through Stripe.
  private func plan(
    _ context: Context, _ planning: (Invoice) throws -> OperationPlan
  ) async throws -> OperationPlan {
    let invoice = try await invoice(context)
    do {
      return try planning(invoice)
    } catch let conflict as InvoiceConflict {
      guard invoice.status == "paid", try await context.gateway().payments(of: invoice).isEmpty
      else { throw conflict }
      throw InvoiceConflict.paidElsewhere(invoiceID: id)
    }
  }

  private func invoice(_ context: Context) async throws -> Invoice {
    guard let found = try await context.invoiceJSON(id) else {
      throw CommandError.noInvoice(id)
    }
    return try Invoice(found)
  }

  /// The invoice as it stands after a change.
  static func report(_ id: String, _ context: Context) async throws -> ChangeReport {
    guard let json = try await context.invoiceJSON(id) else { throw CommandError.noInvoice(id) }
    let invoice = try Invoice(json)
    let total = MoneyText.of(invoice.total, invoice.currency)
    return .changed(
      InvoiceReport(invoice).object(
        closing: "\(invoice.number ?? id) over \(total) is \(invoice.status)."))
  }
}

extension Context {
  /// An invoice as Stripe has it, with `--local` as the mirror has it; nil where it is unknown.
  func invoiceJSON(_ id: String) async throws -> JSON? {
    let found =
      settings.readsLocally
      ? try store().read { try $0.objectJSON(id) }
      : try await gateway().readIfKnown(StripePath("invoices", id))
    return found?["object"]?.string == "invoice" ? found : nil
  }
}

extension CommandError {
  static func noInvoice(_ id: String) -> CommandError {
    .notFound("no invoice \(id)", hint: "billing invoice list shows those there are")
  }
}

extension Parameter {
  static let invoice = required("ID", "The invoice's id (in_…)")
}
