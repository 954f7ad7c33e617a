extension Tour {
  /// The pages on which customers pay and help themselves.
  static let pages = """
    POST /v1/checkout/sessions mode=subscription&success_url=https://example.com&customer={customer}&line_items[0][price]={monthly}&line_items[0][quantity]=1&allow_promotion_codes=true > page
    POST /v1/checkout/sessions/{page} metadata[a]=b
    GET /v1/checkout/sessions/{page}/line_items
    POST /sandbox/checkout/sessions/{page}/complete promotion_code=TEN > page
    GET /v1/checkout/sessions/{page}
    POST /v1/checkout/sessions mode=payment&success_url=https://example.com&line_items[0][price]={once}&line_items[0][quantity]=2 > paid
    POST /sandbox/checkout/sessions/{paid}/complete card=4000002760003184
    GET /v1/checkout/sessions/{paid}
    POST /v1/checkout/sessions mode=setup&success_url=https://example.com&currency=usd > setup
    POST /v1/checkout/sessions/{setup}/expire
    GET /v1/checkout/sessions/{setup}
    <basil POST /v1/checkout/sessions mode=payment&ui_mode=embedded&return_url=https://example.com&line_items[0][price]={once}&line_items[0][quantity]=1&payment_method_types[0]=card
    >=basil POST /v1/checkout/sessions mode=payment&ui_mode=embedded_page&return_url=https://example.com&line_items[0][price]={once}&line_items[0][quantity]=1
    GET /v1/checkout/sessions
    POST /v1/billing_portal/configurations business_profile[headline]=Hello&features[payment_method_update][enabled]=true&features[subscription_cancel][enabled]=true&features[subscription_update][enabled]=true&features[subscription_update][default_allowed_updates][0]=price&features[subscription_update][products][0][product]={product}&features[subscription_update][products][0][prices][0]={yearly} > portal
    POST /v1/billing_portal/configurations/{portal} metadata[a]=b
    GET /v1/billing_portal/configurations/{portal}
    GET /v1/billing_portal/configurations
    POST /v1/billing_portal/sessions customer={customer}&configuration={portal}&expand[]=configuration > visit
    POST /sandbox/billing_portal/sessions/{visit}/payment_method card=5555555555554444
    POST /sandbox/billing_portal/sessions/{visit}/update subscription={page.subscription}&price={yearly}
    POST /sandbox/billing_portal/sessions/{visit}/cancel subscription={page.subscription}
    POST /sandbox/billing_portal/sessions/{visit}/resume subscription={page.subscription}
    POST /v1/billing_portal/sessions customer={customer}&flow_data[type]=subscription_cancel&flow_data[subscription_cancel][subscription]={page.subscription}
    """
}
