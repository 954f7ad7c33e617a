"""What the checks of a life share: where versions differ, the customer's part, clocks and plans."""

import datetime
import time

import requests
import stripe

from harness import expect

# Before basil, fields have other names and places.
IS_ACACIA = stripe.api_version.endswith("acacia")

DAY = 86_400
# 1 January 2026, noon.
START = int(datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc).timestamp())
# 1 February, one month after the start, and 1 March.
FEBRUARY = START + 31 * DAY
MARCH = FEBRUARY + 28 * DAY


# Where versions differ


def period_end(subscription):
    if IS_ACACIA:
        return subscription.current_period_end
    return subscription["items"].data[0].current_period_end


def subscription_of(invoice):
    if IS_ACACIA:
        return invoice.subscription
    return invoice.parent.subscription_details.subscription


def is_proration(line):
    if IS_ACACIA:
        return line.proration
    details = line.parent.subscription_item_details or line.parent.invoice_item_details
    return details.proration


def payment_of(client, invoice):
    """The payment intent of an invoice."""
    if IS_ACACIA:
        shown = client.v1.invoices.retrieve(invoice.id, {"expand": ["payment_intent"]})
        return shown.payment_intent
    shown = client.v1.invoices.retrieve(
        invoice.id, {"expand": ["payments.data.payment.payment_intent"]})
    return shown.payments.data[0].payment.payment_intent


def preview(client, subscription, changes):
    """What changes would cost: `changes` in the words of the newest version."""
    asked = {"subscription": subscription.id, "subscription_details": changes}
    return (client.v1.invoices.upcoming if IS_ACACIA else client.v1.invoices.create_preview)(asked)


def promotion_code(client, coupon, code):
    promotion = {"type": "coupon", "coupon": coupon.id}
    return client.v1.promotion_codes.create(
        {"code": code, **({"coupon": coupon.id} if IS_ACACIA else {"promotion": promotion})})


def months(number):
    """How long a phase of a schedule takes."""
    if IS_ACACIA:
        return {"iterations": number}
    return {"duration": {"interval": "month", "interval_count": number}}


# The customer's part


def play(client, path, **entries):
    """The customer's part, which only the sandbox has."""
    answer = requests.post(
        f"{client.address}/sandbox/{path}",
        data=entries,
        headers={
            "Authorization": "Bearer sk_test_conformance", "Stripe-Version": stripe.api_version},
        timeout=30,
    )
    return answer.status_code, answer.json()


def played(client, path, **entries):
    """The same, where it has to succeed."""
    status, answer = play(client, path, **entries)
    if status != 200:
        raise AssertionError(f"{path} was answered {status}: {answer['error']['message']}")
    return answer


# Clocks


def clock_at(client, moment):
    return client.v1.test_helpers.test_clocks.create({"frozen_time": moment, "name": "Life"})


def advance(client, clock, moment):
    """As a program must: Stripe says `advancing` until all that fell due was done."""
    asked = client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": moment})
    expect(asked.status, "advancing")
    for _ in range(400):
        now = client.v1.test_helpers.test_clocks.retrieve(clock.id)
        if now.status == "ready":
            expect(now.frozen_time, moment)
            return
        expect(now.status, "advancing")
        time.sleep(0.02)
    raise AssertionError("the clock is still advancing")


# Customers and plans


def customer_on(client, clock, card="pm_card_visa"):
    paying = {"payment_method": card, "invoice_settings": {"default_payment_method": card}}
    return client.v1.customers.create(
        {
            "email": "life@example.com",
            **(paying if card else {}),
            **({"test_clock": clock.id} if clock else {}),
        }
    )


def default_card(client, customer, token):
    """Attaches a card and makes it the default."""
    card = client.v1.payment_methods.attach(token, {"customer": customer.id})
    client.v1.customers.update(
        customer.id, {"invoice_settings": {"default_payment_method": card.id}})
    return card


def price_of(client, amount, product=None, **recurring):
    product = product or client.v1.products.create({"name": f"Plan {amount}"}).id
    return client.v1.prices.create(
        {
            "product": product,
            "currency": "usd",
            "unit_amount": amount,
            "recurring": {"interval": "month", **recurring},
        }
    )


def subscribe(client, customer, price, **more):
    return client.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": price.id}], **more})


def invoices_of(client, subscription):
    """Oldest first."""
    return list(reversed(client.v1.invoices.list({"subscription": subscription.id}).data))


def add_up(invoice):
    """An invoice's lines make its subtotal, and what is paid and what remains its amount due."""
    expect(sum(line.amount for line in invoice.lines.data), invoice.subtotal)
    expect(invoice.amount_paid + invoice.amount_remaining, invoice.amount_due)
