import Basics

/// Basil and later: what was added to objects, which a client of acacia does not know.
///
/// Stripe shows some additions to older versions too; the sandbox shows none, so that every answer
/// is what the SDK of the version declares. Additions to requests are understood in all versions.
enum AddedSinceAcacia {
  static let change = VersionChange(since: .basil, added: paths, addedEvents: events)

  private static let events: Set = [
    "billing.meter.created", "billing.meter.deactivated", "billing.meter.reactivated",
    "billing.meter.updated", "invoice.overpaid", "invoice.payment_attempt_required",
    "invoice_payment.paid",
  ]

  /// The paths by the object's name: a name ends in a colon, its paths follow.
  private static let paths: [String: Set<String>] = {
    var paths: [String: Set<String>] = [:]
    var name = ""
    for word in table.split(whereSeparator: { $0.isWhitespace }).map(String.init) {
      if word.hasSuffix(":") {
        name = String(word.dropLast())
      } else {
        paths[name, default: []].insert(word)
      }
    }
    return paths
  }()

  private static let table = """
    account:
      business_profile.minority_owned_business_designation
      business_profile.specified_commercial_transactions_act_url
      settings.invoices.hosted_payment_method_save settings.paypay_payments
    balance:
      refund_and_dispute_prefunding
    billing_portal.configuration:
      features.payment_method_update.payment_method_configuration
      features.subscription_cancel.cancellation_reason.feedback_options
      features.subscription_pause features.subscription_update.billing_cycle_anchor
      features.subscription_update.products.adjustable_quantity
      features.subscription_update.trial_update_behavior name
    billing_portal.session:
      after_expiration customer_account flow.customer_update flow.subscription_pause
    charge:
      billing_details.tax_id outcome.advice_code outcome.network_advice_code
      outcome.network_decline_code payment_method_details.card.electronic_commerce_indicator
      payment_method_details.card.network_transaction_id
      payment_method_details.card.regulated_status
      payment_method_details.card.setup_credential_usage
      payment_method_details.card.stored_credential_usage
      payment_method_details.card.transaction_link_id presentment_details
    checkout.session:
      allowed_payment_method_types automatic_tax.provider branding_settings
      collected_information customer_account customer_details.business_name
      customer_details.individual_name discounts excluded_payment_method_types
      integration_identifier invoice_creation.invoice_data.rendering_options.template
      managed_payments name_collection optional_items origin_context permissions
      presentment_details wallet_options
    customer:
      business_name customer_account individual_name tax.provider
    customer_balance_transaction:
      checkout_session customer_account
    discount:
      customer_account
    event:
      context
    invoice:
      automatic_tax.disabled_reason automatic_tax.provider customer_account
      last_finalization_error.advice_code last_finalization_error.network_advice_code
      last_finalization_error.network_decline_code
    invoiceitem:
      customer_account frozen_fields invoicing_rules
    item:
      adjustable_quantity metadata
    payment_intent:
      allowed_payment_method_types amount_details.discount_amount amount_details.error
      amount_details.line_items amount_details.shipping amount_details.tax customer_account
      excluded_payment_method_types hooks last_payment_error.advice_code
      last_payment_error.network_advice_code last_payment_error.network_decline_code
      managed_payments payment_details payment_record presentment_details
      transfer_data.description transfer_data.metadata transfer_data.payment_data
    payment_method:
      billie billing_details.tax_id bizum blik.buyer_id card.regulated_status crypto custom
      customer_account mb_way naver_pay.buyer_id nz_bank_account pay_by_bank paypal.country
      paypay payto pix.fingerprint satispay scalapay sequra sunbit upi
    product:
      tax_details
    promotion_code:
      customer_account
    refund:
      customer customer_account payment_method pending_reason presentment_details
    setup_intent:
      allowed_payment_method_types customer_account excluded_payment_method_types
      last_setup_error.advice_code last_setup_error.network_advice_code
      last_setup_error.network_decline_code managed_payments
    subscription:
      automatic_tax.disabled_reason billing_mode billing_schedules
      cancellation_details.feedback_option customer_account invoice_settings.custom_fields
      invoice_settings.description invoice_settings.footer managed_payments
      pending_update.cancel_at_period_end pending_update.discount pending_update.discounts
      pending_update.metadata presentment_details status_details
      trial_settings.end_behavior.billing_cycle_anchor
    subscription_item:
      billed_until current_trial
    subscription_schedule:
      billing_mode customer_account default_settings.automatic_tax.disabled_reason
      default_settings.invoice_settings.custom_fields
      default_settings.invoice_settings.description default_settings.invoice_settings.footer
      pause_schedules phases.add_invoice_items.discountable
      phases.add_invoice_items.metadata phases.add_invoice_items.period
      phases.automatic_tax.disabled_reason phases.invoice_settings.custom_fields
      phases.invoice_settings.description phases.invoice_settings.footer phases.trial
    """
}
