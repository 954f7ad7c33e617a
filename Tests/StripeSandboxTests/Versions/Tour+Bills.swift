extension Tour {
  /// Bills made by hand, credit and refunds.
  static let bills = """
    POST /v1/customers email=c@example.com&payment_method=pm_card_visa&invoice_settings[default_payment_method]=pm_card_visa > payer
    POST /v1/customers/{payer}/balance_transactions amount=-100&currency=usd > credit
    POST /v1/customers/{payer}/balance_transactions/{credit} description=x
    GET /v1/customers/{payer}/balance_transactions
    GET /v1/customers/{payer}/balance_transactions/{credit}
    POST /v1/invoices customer={payer}&collection_method=send_invoice&days_until_due=30 > bill
    <basil POST /v1/invoiceitems customer={payer}&invoice={bill}&price={once}&quantity=2 > extra
    >=basil POST /v1/invoiceitems customer={payer}&invoice={bill}&pricing[price]={once}&quantity=2 > extra
    POST /v1/invoiceitems customer={payer}&amount=700&currency=usd > gone
    POST /v1/invoiceitems/{extra} description=x
    DELETE /v1/invoiceitems/{gone}
    POST /v1/invoices/{bill} description=x
    POST /v1/invoices/{bill}/add_lines lines[0][amount]=300&lines[0][description]=y > added
    POST /v1/invoices/{bill}/update_lines lines[0][id]={added.lines.data.0.id}&lines[0][description]=z
    POST /v1/invoices/{bill}/lines/{added.lines.data.0.id} description=w > lined
    POST /v1/invoices/{bill}/remove_lines lines[0][id]={added.lines.data.1.id}&lines[0][behavior]=delete
    POST /v1/invoices/{bill}/send
    POST /v1/invoices/{bill}/pay payment_method={payer.invoice_settings.default_payment_method}
    GET /v1/invoices/{bill}
    POST /v1/invoices customer={payer} > gone
    DELETE /v1/invoices/{gone}
    POST /v1/payment_intents amount=500&currency=usd&customer={payer}&payment_method={payer.invoice_settings.default_payment_method}&confirm=true&return_url=https://example.com > paid
    POST /v1/refunds payment_intent={paid}&amount=100 > refund
    POST /v1/refunds/{refund} metadata[a]=b
    GET /v1/refunds
    GET /v1/refunds/{refund}
    400 POST /v1/refunds/{refund}/cancel
    POST /v1/subscriptions customer={payer}&items[0][price]={monthly}&discounts[0][coupon]=ten > discounted
    DELETE /v1/subscriptions/{discounted}/discount
    <basil POST /v1/customers/{payer} coupon=ten
    <basil GET /v1/customers/{payer}
    <basil DELETE /v1/customers/{payer}/discount
    >=basil 404 DELETE /v1/customers/{payer}/discount
    """
}
