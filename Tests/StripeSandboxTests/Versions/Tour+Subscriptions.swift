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
    POST /v1/invoices/create_preview subscription={coded}
    <basil GET /v1/invoices/upcoming subscription={coded}&subscription_items[0][id]={coded.items.data.0.id}&subscription_items[0][quantity]=2
    <basil GET /v1/invoices/upcoming/lines subscription={coded}&subscription_items[0][id]={coded.items.data.0.id}&subscription_items[0][quantity]=2
    POST /v1/prices product={product}&currency=usd&unit_amount=300&recurring[interval]=month > added
    POST /v1/subscription_items subscription={coded}&price={added} > item
    POST /v1/subscription_items/{item} quantity=2
    DELETE /v1/subscription_items/{item}
    >=basil POST /v1/subscriptions customer={customer}&items[0][price]={monthly}&billing_mode[type]=classic > classic
    >=basil POST /v1/subscriptions/{classic}/migrate billing_mode[type]=flexible
    >=basil POST /v1/subscriptions/{classic}/pause type=subscription
    POST /v1/customers > bare
    POST /v1/subscriptions customer={bare}&items[0][price]={monthly}&trial_period_days=1&trial_settings[end_behavior][missing_payment_method]=pause > stopped
    DELETE /v1/subscriptions/{trial}
    wait 2764800
    GET /v1/subscriptions/{coded}
    POST /v1/payment_methods/pm_card_visa/attach customer={bare} > card
    POST /v1/customers/{bare} invoice_settings[default_payment_method]={card}
    POST /v1/subscriptions/{stopped}/resume
    """
}
