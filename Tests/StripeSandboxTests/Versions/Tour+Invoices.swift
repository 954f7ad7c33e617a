extension Tour {
  /// Invoices, their lines and their payments.
  static let invoices = """
    GET /v1/invoices
    GET /v1/invoices/{subscription.latest_invoice}
    GET /v1/invoices/{coded.latest_invoice}
    GET /v1/invoices/{subscription.latest_invoice}/lines
    >=basil GET /v1/invoice_payments > payments
    >=basil GET /v1/invoice_payments/{payments.data.0.id}
    POST /v1/subscriptions customer={customer}&items[0][price]={monthly}&payment_behavior=default_incomplete > unpaid
    POST /v1/invoices/{unpaid.latest_invoice}/pay
    POST /v1/subscriptions customer={customer}&items[0][price]={monthly}&payment_behavior=default_incomplete > unpaid
    POST /v1/invoices/{unpaid.latest_invoice}/void
    POST /v1/subscriptions customer={customer}&items[0][price]={monthly}&payment_behavior=default_incomplete > unpaid
    POST /v1/invoices/{unpaid.latest_invoice}/mark_uncollectible
    POST /v1/subscriptions customer={customer}&items[0][price]={monthly} > renewed
    wait 2678400
    GET /v1/invoices subscription={renewed}&status=draft > drafts
    POST /v1/invoices/{drafts.data.0.id}/finalize
    """
}
