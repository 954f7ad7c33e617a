"""run.py BILLING: drives `billing sandbox serve` with Stripe's own Python SDK.

One line a check; the exit code is 0 only when all of them passed.
"""

import stripe

from harness import check, expect, refused, run

API_VERSION = "2026-10-28.endive"


@check
def the_sdk_speaks_our_version(client):
    expect(stripe.api_version or stripe._api_version._ApiVersion.CURRENT, API_VERSION)


@check
def customers_are_created_read_updated_listed_deleted(client):
    customers = client.v1.customers
    made = customers.create({"email": "ada@example.com", "metadata": {"team": "a"}})
    expect(customers.retrieve(made.id).email, "ada@example.com")
    expect(customers.update(made.id, {"name": "Ada"}).name, "Ada")
    expect([c.id for c in customers.list({"email": "ada@example.com"}).data], [made.id])
    expect(customers.delete(made.id).deleted, True)
    expect(customers.retrieve(made.id).deleted, True)


@check
def products_and_prices(client):
    product = client.v1.products.create({"name": "Starter", "metadata": {"plan": "starter"}})
    expect(client.v1.products.retrieve(product.id).name, "Starter")
    expect(client.v1.products.update(product.id, {"description": "First"}).description, "First")
    price = client.v1.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "unit_amount": 1900,
            "recurring": {"interval": "month"},
            "lookup_key": "conformance_month",
        }
    )
    expect(price.recurring.interval, "month")
    expect(client.v1.prices.update(price.id, {"nickname": "Monthly"}).nickname, "Monthly")
    found = client.v1.prices.list({"lookup_keys": ["conformance_month"], "expand": ["data.product"]})
    expect([p.product.name for p in found.data], ["Starter"])
    expect(any(p.id == product.id for p in client.v1.products.list().data), True)


@check
def meters_and_metered_prices(client):
    meter = client.v1.billing.meters.create(
        {
            "display_name": "Requests",
            "event_name": "requests",
            "default_aggregation": {"formula": "sum"},
        }
    )
    expect(client.v1.billing.meters.retrieve(meter.id).event_name, "requests")
    renamed = client.v1.billing.meters.update(meter.id, {"display_name": "API requests"})
    expect(renamed.display_name, "API requests")
    expect([m.id for m in client.v1.billing.meters.list().data], [meter.id])
    product = client.v1.products.create({"name": "Requests"})
    price = client.v1.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "recurring": {"interval": "month", "usage_type": "metered", "meter": meter.id},
            "tiers": [{"up_to": 100, "unit_amount": 0}, {"up_to": "inf", "unit_amount": 1}],
        }
    )
    expect(price.recurring.meter, meter.id)


@check
def coupons(client):
    coupon = client.v1.coupons.create(
        {"percent_off": 20, "duration": "repeating", "duration_in_months": 3}
    )
    expect(client.v1.coupons.retrieve(coupon.id).duration_in_months, 3)
    expect(client.v1.coupons.update(coupon.id, {"name": "Launch"}).name, "Launch")
    expect([c.id for c in client.v1.coupons.list().data], [coupon.id])


def subscriber(client, card="pm_card_visa"):
    customer = client.v1.customers.create({"email": "subscriber@example.com"})
    method = client.v1.payment_methods.attach(card, {"customer": customer.id})
    client.v1.customers.update(
        customer.id, {"invoice_settings": {"default_payment_method": method.id}}
    )
    return customer, method


def monthly_price(client):
    product = client.v1.products.create({"name": "Pro"})
    return client.v1.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "unit_amount": 4900,
            "recurring": {"interval": "month"},
        }
    )


@check
def payment_methods(client):
    customer, method = subscriber(client)
    expect(method.card.last4, "4242")
    expect(client.v1.payment_methods.retrieve(method.id).customer, customer.id)
    listed = client.v1.customers.payment_methods.list(customer.id)
    expect([m.id for m in listed.data], [method.id])
    expect(client.v1.payment_methods.detach(method.id).customer, None)


@check
def subscriptions_and_their_invoices(client):
    customer, _ = subscriber(client)
    price = monthly_price(client)
    subscription = client.v1.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": price.id}],
            "expand": ["latest_invoice", "customer"],
        }
    )
    expect(subscription.status, "active")
    expect(subscription.customer.email, "subscriber@example.com")
    expect(subscription.latest_invoice.status, "paid")
    expect(subscription.latest_invoice.total, 4900)
    expect(client.v1.subscriptions.retrieve(subscription.id).status, "active")
    ending = client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    expect(ending.cancel_at_period_end, True)
    listed = client.v1.subscriptions.list({"customer": customer.id})
    expect([s.id for s in listed.data], [subscription.id])
    invoices = client.v1.invoices.list({"subscription": subscription.id})
    expect([i.id for i in invoices.data], [subscription.latest_invoice.id])
    invoice = client.v1.invoices.retrieve(subscription.latest_invoice.id)
    expect([line.amount for line in invoice.lines.data], [4900])
    expect(client.v1.subscriptions.cancel(subscription.id).status, "canceled")


@check
def events_tell_what_happened(client):
    customer = client.v1.customers.create({"email": "event@example.com"})
    events = client.v1.events.list({"type": "customer.created", "limit": 1})
    expect(events.data[0].data.object["id"], customer.id)


@check
def a_declined_card_is_a_card_error(client):
    def attach():
        customer = client.v1.customers.create({"email": "declined@example.com"})
        client.v1.payment_methods.attach(
            "pm_card_visa_chargeDeclined", {"customer": customer.id}
        )

    error = refused(stripe.CardError, attach, "card_declined")
    expect(error.http_status, 402)


@check
def what_is_wrong_is_an_invalid_request(client):
    missing = lambda: client.v1.customers.retrieve("cus_none")
    expect(refused(stripe.InvalidRequestError, missing, "resource_missing").http_status, 404)
    unknown = lambda: client.v1.customers.create({"colour": "red"})
    expect(
        refused(stripe.InvalidRequestError, unknown, "parameter_unknown").param, "colour"
    )


@check
def a_key_that_is_none_is_an_authentication_error(client):
    other = stripe.StripeClient("nonsense", base_addresses={"api": client.address})
    expect(refused(stripe.AuthenticationError, other.v1.customers.list).http_status, 401)


@check
def a_key_brings_the_first_answer_again(client):
    create = lambda email: client.v1.customers.create(
        {"email": email}, {"idempotency_key": "conformance-1"}
    )
    first = create("once@example.com")
    again = create("once@example.com")
    expect(again.id, first.id)
    expect(again.last_response.headers["Idempotent-Replayed"], "true")
    refused(stripe.IdempotencyError, lambda: create("twice@example.com"))


@check
def pages_follow_one_another(client):
    made = [
        client.v1.products.create({"name": f"Page {number}", "metadata": {"page": "yes"}}).id
        for number in range(7)
    ]
    walked = client.v1.products.list({"limit": 2}).auto_paging_iter()
    seen = [product.id for product in walked]
    expect(seen[:7], list(reversed(made)))
    expect(len(seen), len(set(seen)))


# What needs more than Stripe's SDK.
import outgoing

run()
