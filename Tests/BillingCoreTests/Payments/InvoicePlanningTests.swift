import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct InvoicePlanningTests {
  private let intent = OperationIntent(command: "invoice pay", words: [:])

  private func invoice(_ status: String) throws -> Invoice {
    try Invoice(Sample.invoice(status: status))
  }

  @Test(arguments: ["open", "uncollectible"])
  func whatIsOwedCanBePaidOrVoided(_ status: String) throws {
    let invoice = try invoice(status)
    let paid = try InvoicePlanning.pay(invoice, isOutOfBand: false, intent: intent)
    #expect(paid.steps.map { $0.path } == [["invoices", "in_1", "pay"]])
    #expect(paid.steps.map { $0.parameters } == [[:]])
    let noted = try InvoicePlanning.pay(invoice, isOutOfBand: true, intent: intent)
    #expect(noted.steps.map { $0.parameters } == [["paid_out_of_band": true]])
    let void = try InvoicePlanning.void(invoice, intent: intent)
    #expect(
      void.steps == [
        OperationStep(
          .post, ["invoices", "in_1", "void"],
          check: .holds(object: ["invoices", "in_1"], values: ["status": "void"]))
      ])
  }

  @Test(arguments: ["draft", "paid", "void"])
  func theRestCannot(_ status: String) throws {
    let invoice = try invoice(status)
    #expect(throws: InvoiceConflict.cannotPay(invoiceID: "in_1", status: status)) {
      try InvoicePlanning.pay(invoice, isOutOfBand: false, intent: intent)
    }
    #expect(throws: InvoiceConflict.cannotVoid(invoiceID: "in_1", status: status)) {
      try InvoicePlanning.void(invoice, intent: intent)
    }
  }
}
