"""lifecycle.py BILLING: the whole life of subscriptions, with the SDK of whatever version.

Trial, clock, upgrade with proration, failed renewal, recovery, cancellation, Checkout, the customer
portal, meter events, the list of events, and a webhook that the SDK verifies.
"""

import datetime
import http.server
import queue
import threading
import time

import requests
import stripe

from harness import check, expect, refused, run

# Before basil, fields have other names and places.
IS_ACACIA = stripe.api_version.endswith("acacia")

DAY = 86_400
# 1 January 2026, noon.
START = int(datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc).timestamp())


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


def preview(client, subscription, item, price, date):
    change = {
        "subscription": subscription.id,
        "subscription_details": {
            "items": [{"id": item.id, "price": price.id}],
            "proration_behavior": "always_invoice",
            "proration_date": date,
        },
    }
    return (client.v1.invoices.upcoming if IS_ACACIA else client.v1.invoices.create_preview)(change)


# What several checks need


def play(client, path, **entries):
    """The customer's part, which only the sandbox has."""
    answer = requests.post(
        f"{client.address}/sandbox/{path}",
        data=entries,
        headers={"Authorization": "Bearer sk_test_conformance"},
        timeout=30,
    )
    return answer.status_code, answer.json()


def clock_at(client, moment):
    return client.v1.test_helpers.test_clocks.create({"frozen_time": moment})


def advance(client, clock, moment):
    asked = client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": moment})
    expect(asked.status, "advancing")
    for _ in range(200):
        now = client.v1.test_helpers.test_clocks.retrieve(clock.id)
        if now.status == "ready":
            expect(now.frozen_time, moment)
            return
        time.sleep(0.02)
    raise AssertionError("the clock is still advancing")


def customer_on(client, clock, card="pm_card_visa"):
    return client.v1.customers.create(
        {
            "email": "life@example.com",
            "payment_method": card,
            "invoice_settings": {"default_payment_method": card},
            **({"test_clock": clock.id} if clock else {}),
        }
    )


def price_of(client, amount, **recurring):
    product = client.v1.products.create({"name": f"Plan {amount}"})
    return client.v1.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "unit_amount": amount,
            "recurring": {"interval": "month", **recurring},
        }
    )


def invoices_of(client, subscription):
    return list(reversed(client.v1.invoices.list({"subscription": subscription.id}).data))


# The checks


@check
def a_trial_ends_with_the_first_payment(client):
    clock = clock_at(client, START)
    customer = customer_on(client, clock)
    subscription = client.v1.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": price_of(client, 1900).id}],
            "trial_period_days": 7,
        }
    )
    expect(subscription.status, "trialing")
    expect(period_end(subscription), START + 7 * DAY)
    advance(client, clock, START + 7 * DAY + 2 * 3600)
    subscription = client.v1.subscriptions.retrieve(subscription.id)
    expect(subscription.status, "active")
    expect([i.amount_paid for i in invoices_of(client, subscription)], [0, 1900])
    expect(subscription.id not in [s.id for s in client.v1.subscriptions.list().data], True)


@check
def an_upgrade_costs_what_its_preview_said(client):
    clock = clock_at(client, START)
    customer = customer_on(client, clock)
    small, large = price_of(client, 1000), price_of(client, 3100)
    subscription = client.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": small.id}]}
    )
    middle = START + 15 * DAY
    advance(client, clock, middle)
    item = subscription["items"].data[0]
    shown = preview(client, subscription, item, large, middle)
    client.v1.subscriptions.update(
        subscription.id,
        {
            "items": [{"id": item.id, "price": large.id}],
            "proration_behavior": "always_invoice",
            "proration_date": middle,
        },
    )
    made = invoices_of(client, subscription)[-1]
    expect(made.total, shown.total)
    # 16 of 31 days are left: 516 back, 1600 for the new plan.
    expect([(line.amount, is_proration(line)) for line in made.lines.data],
           [(-516, True), (1600, True)])
    expect(made.status, "paid")
    expect(subscription_of(made), subscription.id)


@check
def a_renewal_that_fails_is_recovered(client):
    clock = clock_at(client, START)
    customer = customer_on(client, clock)
    subscription = client.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": price_of(client, 4900).id}]}
    )
    bad = client.v1.payment_methods.attach(
        "pm_card_chargeCustomerFail", {"customer": customer.id}
    )
    client.v1.customers.update(
        customer.id, {"invoice_settings": {"default_payment_method": bad.id}}
    )
    advance(client, clock, period_end(subscription) + 2 * 3600)
    subscription = client.v1.subscriptions.retrieve(subscription.id)
    expect(subscription.status, "past_due")
    invoice = invoices_of(client, subscription)[-1]
    expect((invoice.status, invoice.attempt_count), ("open", 1))
    refused(stripe.CardError, lambda: client.v1.invoices.pay(invoice.id), "card_declined")
    good = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    paid = client.v1.invoices.pay(invoice.id, {"payment_method": good.id})
    expect(paid.status, "paid")
    expect(client.v1.subscriptions.retrieve(subscription.id).status, "active")


@check
def a_cancellation_at_the_end_of_the_period_takes_effect_then(client):
    clock = clock_at(client, START)
    customer = customer_on(client, clock)
    subscription = client.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": price_of(client, 900).id}]}
    )
    ending = client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    expect(ending.status, "active")
    advance(client, clock, period_end(subscription) + 60)
    expect(client.v1.subscriptions.retrieve(subscription.id).status, "canceled")
    expect(len(invoices_of(client, subscription)), 1)


@check
def a_checkout_becomes_a_subscription_when_it_is_paid(client):
    price = price_of(client, 2500)
    session = client.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "line_items": [{"price": price.id, "quantity": 1}],
            "success_url": "https://example.com/{CHECKOUT_SESSION_ID}",
            "client_reference_id": "user-1",
        }
    )
    expect((session.status, session.subscription), ("open", None))
    status, declined = play(
        client, f"checkout/sessions/{session.id}/complete", card="4000000000000002",
        email="pays@example.com")
    expect((status, declined["error"]["code"]), (402, "card_declined"))
    expect(client.v1.checkout.sessions.retrieve(session.id).status, "open")
    play(client, f"checkout/sessions/{session.id}/complete", email="pays@example.com")
    session = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    expect((session.status, session.payment_status), ("complete", "paid"))
    expect(session.subscription.status, "active")
    expect(client.v1.customers.retrieve(session.customer).email, "pays@example.com")


@check
def the_portal_lets_a_customer_cancel(client):
    customer = customer_on(client, None)
    subscription = client.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": price_of(client, 700).id}]}
    )
    session = client.v1.billing_portal.sessions.create(
        {"customer": customer.id, "return_url": "https://example.com/account"}
    )
    expect(session.url.startswith("https://billing.stripe.com/"), True)
    status, _ = play(client, f"billing_portal/sessions/{session.id}/cancel")
    expect(status, 200)
    ending = client.v1.subscriptions.retrieve(subscription.id)
    expect((ending.status, ending.cancel_at is None), ("active", False))


@check
def usage_is_counted_and_billed(client):
    clock = clock_at(client, START)
    customer = customer_on(client, clock)
    meter = client.v1.billing.meters.create(
        {
            "display_name": "Requests",
            "event_name": "life_requests",
            "default_aggregation": {"formula": "sum"},
        }
    )
    product = client.v1.products.create({"name": "Requests"})
    price = client.v1.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "recurring": {"interval": "month", "usage_type": "metered", "meter": meter.id},
            "tiers": [{"up_to": 100, "unit_amount": 0}, {"up_to": "inf", "unit_amount": 2}],
        }
    )
    subscription = client.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": price.id}]}
    )
    advance(client, clock, START + DAY)
    for number, value in enumerate(["100", "50"]):
        client.v1.billing.meter_events.create(
            {
                "event_name": "life_requests",
                "payload": {"stripe_customer_id": customer.id, "value": value},
                "identifier": f"life-{number}",
                "timestamp": START + 3600,
            }
        )
    summary = client.v1.billing.meters.event_summaries.list(
        meter.id,
        {"customer": customer.id, "start_time": START, "end_time": START + DAY},
    )
    expect([s.aggregated_value for s in summary.data], [150])
    advance(client, clock, period_end(subscription) + 3 * 3600)
    bill = invoices_of(client, subscription)[-1]
    expect((bill.total, bill.status), (100, "paid"))


@check
def events_are_listed_by_type_and_time(client):
    before = int(time.time()) - 60
    customer = client.v1.customers.create({"email": "listed@example.com"})
    client.v1.customers.update(customer.id, {"name": "Listed"})
    events = client.v1.events.list(
        {"types": ["customer.created", "customer.updated"], "created": {"gte": before}, "limit": 2}
    )
    expect([e.type for e in events.data], ["customer.updated", "customer.created"])
    expect(events.data[0].data.previous_attributes["name"], None)
    expect(client.v1.events.retrieve(events.data[1].id).data.object["id"], customer.id)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes webhooks and hands them over, bytes and signature."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.put((body, self.headers["Stripe-Signature"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@check
def a_delivered_webhook_verifies(client):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.received = queue.Queue()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        endpoint = client.v1.webhook_endpoints.create(
            {
                "url": f"http://127.0.0.1:{server.server_port}/hooks",
                "enabled_events": ["customer.created"],
            }
        )
        customer = client.v1.customers.create({"email": "hooked@example.com"})
        body, signature = server.received.get(timeout=10)
        event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
        expect((event.type, event.data.object["id"]), ("customer.created", customer.id))
        spoilt = lambda: stripe.Webhook.construct_event(body + b" ", signature, endpoint.secret)
        refused(stripe.SignatureVerificationError, spoilt)
        client.v1.webhook_endpoints.delete(endpoint.id)
    finally:
        server.shutdown()


run()
