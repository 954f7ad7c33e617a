extension Tour {
  /// Checkout Sessions, with the customer's part.
  static let checkout = """
    POST /v1/checkout/sessions mode=subscription&line_items[0][price]={monthly}&line_items[0][quantity]=1&customer={customer}&success_url=https://example.com > session
    POST /v1/checkout/sessions/{session} metadata[a]=b
    GET /v1/checkout/sessions
    GET /v1/checkout/sessions/{session}
    GET /v1/checkout/sessions/{session}/line_items
    POST /sandbox/checkout/sessions/{session}/complete
    GET /v1/checkout/sessions/{session}
    <basil POST /v1/checkout/sessions mode=setup&currency=usd&customer={customer}&ui_mode=embedded&return_url=https://example.com > session
    >=basil POST /v1/checkout/sessions mode=setup&currency=usd&customer={customer}&ui_mode=embedded_page&return_url=https://example.com > session
    POST /v1/checkout/sessions/{session}/expire
    """
}
