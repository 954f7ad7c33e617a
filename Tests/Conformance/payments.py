"""Payments: a bank that asks, what fails at once, refunds, and invoices by hand."""

import stripe

from harness import check, expect, refused
from life import (
    IS_ACACIA, customer_on, default_card, invoices_of, payment_of, played, price_of, subscribe)


@check
def a_bank_that_asks_is_answered(client):
    customer = customer_on(client, None, card=None)
    card = client.v1.payment_methods.attach(
        "pm_card_authenticationRequired", {"customer": customer.id})
    intent = "latest_invoice.payment_intent" if IS_ACACIA else "latest_invoice.confirmation_secret"
    subscription = subscribe(
        client, customer, price_of(client, 3000), payment_behavior="default_incomplete",
        default_payment_method=card.id, expand=[intent])
    expect(subscription.status, "incomplete")
    invoice = subscription.latest_invoice
    secret = (invoice.payment_intent if IS_ACACIA else invoice.confirmation_secret).client_secret
    payment = client.v1.payment_intents.confirm(
        secret.split("_secret_")[0], {"payment_method": card.id})
    expect((payment.status, payment.next_action.type), ("requires_action", "use_stripe_sdk"))
    played(client, f"payment_intents/{payment.id}/authenticate")
    expect(client.v1.payment_intents.retrieve(payment.id).status, "succeeded")
    expect(client.v1.subscriptions.retrieve(subscription.id).status, "active")
    expect(client.v1.invoices.retrieve(invoice.id).status, "paid")


@check
def a_first_payment_that_fails_is_an_error_where_it_is_asked_to_be(client):
    customer = customer_on(client, None, card=None)
    default_card(client, customer, "pm_card_chargeCustomerFail")
    price = price_of(client, 3000)
    make = lambda: subscribe(client, customer, price, payment_behavior="error_if_incomplete")
    refused(stripe.CardError, make, "card_declined")
    expect(client.v1.subscriptions.list({"customer": customer.id}).data, [])
    expect(subscribe(client, customer, price).status, "incomplete")


@check
def a_payment_is_given_back(client):
    subscription = subscribe(client, customer_on(client, None), price_of(client, 5000))
    intent = payment_of(client, invoices_of(client, subscription)[0])
    part = client.v1.refunds.create({"payment_intent": intent.id, "amount": 2000})
    expect((part.status, part.amount), ("succeeded", 2000))
    rest = client.v1.refunds.create(
        {"payment_intent": intent.id, "reason": "requested_by_customer"})
    expect(rest.amount, 3000)
    charge = client.v1.charges.retrieve(intent.latest_charge)
    expect((charge.refunded, charge.amount_refunded), (True, 5000))
    listed = client.v1.refunds.list({"payment_intent": intent.id})
    expect([r.id for r in listed.data], [rest.id, part.id])
    again = lambda: client.v1.refunds.create({"payment_intent": intent.id})
    refused(stripe.InvalidRequestError, again, "charge_already_refunded")


@check
def an_invoice_by_hand_is_finalised_and_voided(client):
    customer = customer_on(client, None)
    client.v1.invoice_items.create(
        {"customer": customer.id, "amount": 1200, "currency": "usd", "description": "Set-up"})
    draft = client.v1.invoices.create(
        {"customer": customer.id, "pending_invoice_items_behavior": "include"})
    expect((draft.status, draft.total), ("draft", 1200))
    opened = client.v1.invoices.finalize_invoice(draft.id)
    expect((opened.status, opened.amount_due), ("open", 1200))
    expect(client.v1.invoices.void_invoice(draft.id).status, "void")
    pay = lambda: client.v1.invoices.pay(draft.id)
    refused(stripe.InvalidRequestError, pay)
