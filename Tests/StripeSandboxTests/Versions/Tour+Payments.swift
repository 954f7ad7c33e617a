extension Tour {
  /// Payments without an invoice, and charges.
  static let payments = """
    POST /v1/payment_intents amount=500&currency=usd&customer={customer} > intent
    POST /v1/payment_intents/{intent} description=x
    POST /v1/payment_intents/{intent}/confirm payment_method={method}&return_url=https://example.com
    GET /v1/payment_intents/{intent}
    POST /v1/payment_intents amount=500&currency=usd > canceled
    POST /v1/payment_intents/{canceled}/cancel
    GET /v1/payment_intents
    GET /v1/charges > charges
    GET /v1/charges/{charges.data.0.id}
    GET /v1/charges/{charges.data.1.id}
    POST /v1/payment_intents amount=900&currency=usd&customer={customer}&payment_method={method}&capture_method=manual&confirm=true&return_url=https://example.com > held
    POST /v1/payment_intents/{held}/capture
    POST /v1/setup_intents customer={customer}&payment_method={method} > setup
    POST /v1/setup_intents/{setup} description=x
    POST /v1/setup_intents/{setup}/confirm return_url=https://example.com
    GET /v1/setup_intents
    GET /v1/setup_intents/{setup}
    POST /v1/setup_intents customer={customer} > setup
    POST /v1/setup_intents/{setup}/cancel
    """
}
