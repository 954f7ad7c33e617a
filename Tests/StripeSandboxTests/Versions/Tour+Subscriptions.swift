extension Tour {
  /// Subscriptions, their items and their discounts.
  static let subscriptions = """
    POST /v1/subscriptions customer={customer}&items[0][price]={monthly}&discounts[0][coupon]=ten > subscription
    GET /v1/subscriptions/{subscription}
    POST /v1/subscriptions customer={customer}&items[0][price]={monthly}&trial_period_days=7 > trial
    GET /v1/subscriptions/{trial}
    <basil POST /v1/subscriptions customer={customer}&items[0][price]={monthly}&promotion_code={code} > coded
    >=basil POST /v1/subscriptions customer={customer}&items[0][price]={monthly}&discounts[0][promotion_code]={code} > coded
    GET /v1/subscriptions/{coded}
    wait 86400
    POST /v1/subscriptions/{subscription} items[0][id]={subscription.items.data.0.id}&items[0][price]={monthly}&items[0][quantity]=3 > subscription
    POST /v1/subscriptions/{subscription} items[0][id]={subscription.items.data.0.id}&items[0][price]={yearly}&proration_behavior=always_invoice > subscription
    <basil POST /v1/subscriptions/{coded} billing_cycle_anchor=now&proration_behavior=none
    GET /v1/subscriptions
    GET /v1/subscription_items subscription={subscription}
    GET /v1/subscription_items/{subscription.items.data.0.id}
    GET /v1/entitlements/active_entitlements customer={customer}
    GET /v1/invoiceitems > waiting
    GET /v1/invoiceitems/{waiting.data.0.id}
    DELETE /v1/subscriptions/{trial}
    wait 2764800
    GET /v1/subscriptions/{coded}
    """
}
