extension Tour {
  /// Meter events and, before basil, usage records.
  static let usage = """
    POST /v1/customers payment_method=pm_card_visa&invoice_settings[default_payment_method]=pm_card_visa > user
    POST /v1/subscriptions customer={user}&items[0][price]={metered} > counted
    POST /v1/billing/meter_events event_name=calls&identifier=one&payload[stripe_customer_id]={user}&payload[value]=1.5
    POST /v1/billing/meter_events event_name=calls&payload[stripe_customer_id]={user}&payload[value]=2000
    POST /v1/billing/meter_event_adjustments event_name=calls&type=cancel&cancel[identifier]=one
    GET /v1/billing/meters/{meter}/event_summaries customer={user}&start_time=1795132800&end_time=1795219200
    GET /v1/billing/meters/{meter}/event_summaries customer={user}&start_time=1795132800&end_time=1795219200&value_grouping_window=hour
    <basil POST /v1/prices product={product}&currency=usd&unit_amount=1&recurring[interval]=month&recurring[usage_type]=metered&recurring[aggregate_usage]=max > reported
    <basil POST /v1/subscriptions customer={user}&items[0][price]={reported} > other
    <basil POST /v1/subscription_items/{other.items.data.0.id}/usage_records quantity=5
    <basil GET /v1/subscription_items/{other.items.data.0.id}/usage_record_summaries
    wait 2700000
    GET /v1/invoices subscription={counted}
    <basil GET /v1/invoices subscription={other}
    <basil GET /v1/subscription_items/{other.items.data.0.id}/usage_record_summaries
    """
}
