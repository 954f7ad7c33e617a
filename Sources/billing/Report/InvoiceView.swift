import Basics
import Stripe

/// The object `invoice` of the contract.
enum InvoiceView {
  static func json(_ invoice: Invoice) -> JSONObject {
    [
      "id": .string(invoice.id), "customer": JSON(invoice.customerID),
      "subscription": JSON(invoice.subscriptionID), "number": JSON(invoice.number),
      "status": .string(invoice.status), "currency": .string(invoice.currency),
      "subtotal": .integer(invoice.subtotal), "total": .integer(invoice.total),
      "amount_due": .integer(invoice.amountDue), "amount_paid": .integer(invoice.amountPaid),
      "amount_remaining": .integer(invoice.amountRemaining),
      "attempt_count": JSON(invoice.attemptCount),
      "next_payment_attempt": JSON(invoice.nextPaymentAttempt),
      "period_start": JSON(invoice.periodStart), "period_end": JSON(invoice.periodEnd),
      "hosted_invoice_url": JSON(invoice.hostedInvoiceURL),
      "invoice_pdf": JSON(invoice.invoicePDF), "created": JSON(invoice.created),
      "lines": .array(invoice.lines.map(line)),
    ]
  }

  private static func line(_ line: InvoiceLine) -> JSON {
    [
      "id": .string(line.id), "description": JSON(line.description),
      "amount": .integer(line.amount), "quantity": JSON(line.quantity),
      "proration": .bool(line.isProration), "period_start": JSON(line.periodStart),
      "period_end": JSON(line.periodEnd), "price": JSON(line.priceID),
    ]
  }

  /// What is still owed. Stripe leaves the amount with an invoice that was voided, where nobody owes
  /// it any more.
  static func remaining(_ invoice: JSON) -> Cell {
    let amount = invoice["status"] == "void" ? 0 : invoice["amount_remaining"]
    return Cell(money: amount, currency: invoice["currency"])
  }

  static let remainingColumn = Column("REMAINING", alignment: .right, cell: remaining)

  static let columns = [
    Column.id("ID", "id"), Column.id("NUMBER", "number").leaving(1),
    Column.id("CUSTOMER", "customer"),
    .status("STATUS"), .money("TOTAL", "total"), Column.money("PAID", "amount_paid").leaving(4),
    remainingColumn.leaving(2), Column.time("CREATED", "created").leaving(3),
  ]

  static let keys = [
    "id", "customer", "subscription", "number", "status", "currency", "subtotal", "total",
    "amount_due", "amount_paid", "amount_remaining", "attempt_count", "next_payment_attempt",
    "period_start", "period_end", "hosted_invoice_url", "invoice_pdf", "created", "lines",
  ]
}
