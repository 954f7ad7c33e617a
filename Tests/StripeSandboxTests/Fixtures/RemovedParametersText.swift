// Made by Tests/Conformance/make-api-facts.py from Stripe's API 2024-11-20.acacia. Do not edit.
// swift-format-ignore-file

/// An operation and the parameters that it has no longer: a line for each.
enum RemovedParametersText {
  static let operations = ##"""
GET /v1/credit_notes/preview	refund
GET /v1/credit_notes/preview/lines	refund
POST /v1/checkout/sessions	line_items.[].dynamic_tax_rates	payment_method_types
POST /v1/credit_notes	refund
POST /v1/customers	coupon	promotion_code
POST /v1/customers/{id}	coupon	promotion_code
POST /v1/invoiceitems	price	unit_amount
POST /v1/invoiceitems/{id}	price	unit_amount
POST /v1/invoices/create_preview	coupon	schedule_details.phases.[].coupon	schedule_details.phases.[].iterations
POST /v1/invoices/{id}/add_lines	lines.[].price
POST /v1/invoices/{id}/lines/{id}	price
POST /v1/invoices/{id}/update_lines	lines.[].price
POST /v1/payment_intents	payment_method_options.us_bank_account.preferred_settlement_speed	payment_method_types
POST /v1/payment_intents/{id}	payment_method_options.us_bank_account.preferred_settlement_speed	payment_method_types
POST /v1/payment_intents/{id}/confirm	payment_method_options.us_bank_account.preferred_settlement_speed	payment_method_types
POST /v1/payment_methods/{id}	link	naver_pay	naver_pay.funding
POST /v1/plans	aggregate_usage
POST /v1/prices	recurring.aggregate_usage
POST /v1/promotion_codes	coupon
POST /v1/setup_intents	payment_method_types
POST /v1/setup_intents/{id}	payment_method_types
POST /v1/subscription_schedules	phases.[].coupon	phases.[].iterations
POST /v1/subscription_schedules/{id}	phases.[].coupon	phases.[].iterations
POST /v1/subscriptions	coupon	promotion_code
POST /v1/subscriptions/{id}	coupon	promotion_code
"""##
}
