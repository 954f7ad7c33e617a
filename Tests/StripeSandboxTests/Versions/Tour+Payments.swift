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
    GET /v1/events > events
    GET /v1/events/{events.data.0.id}
    """
}
