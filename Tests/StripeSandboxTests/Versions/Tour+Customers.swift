extension Tour {
  /// Customers and how they pay.
  static let customers = """
    POST /v1/customers email=a@example.com&name=A > customer
    POST /v1/customers email=b@example.com > gone
    GET /v1/customers
    GET /v1/customers/search query=email:'a@example.com'
    DELETE /v1/customers/{gone}
    POST /v1/payment_methods type=card&card[token]=tok_visa > method
    POST /v1/payment_methods/{method}/attach customer={customer}
    POST /v1/payment_methods/{method} metadata[a]=b
    GET /v1/payment_methods customer={customer}
    GET /v1/payment_methods/{method}
    GET /v1/customers/{customer}/payment_methods
    GET /v1/customers/{customer}/payment_methods/{method}
    POST /v1/payment_methods/pm_card_mastercard/attach customer={customer} > second
    POST /v1/payment_methods/{second}/detach
    POST /v1/customers/{customer} invoice_settings[default_payment_method]={method}
    GET /v1/customers/{customer}
    """
}
