"""Checkout and the customer portal: the pages, with the customer's part played."""

from harness import check, expect
from life import (
    customer_on, invoices_of, play, played, price_of, promotion_code, subscribe)


def checkout(client, mode, **more):
    return client.v1.checkout.sessions.create(
        {"mode": mode, "success_url": "https://example.com/{CHECKOUT_SESSION_ID}", **more})


@check
def a_checkout_becomes_a_subscription_when_it_is_paid(client):
    price = price_of(client, 2500)
    session = checkout(
        client, "subscription", line_items=[{"price": price.id, "quantity": 1}],
        client_reference_id="user-1", subscription_data={"metadata": {"user": "1"}})
    expect((session.status, session.payment_status), ("open", "unpaid"))
    expect(session.subscription, None)
    expect(session.url.startswith("https://checkout.stripe.com/"), True)
    path = f"checkout/sessions/{session.id}/complete"
    status, declined = play(client, path, card="4000000000000002", email="pays@example.com")
    expect((status, declined["error"]["code"]), (402, "card_declined"))
    expect(client.v1.checkout.sessions.retrieve(session.id).status, "open")
    played(client, path, email="pays@example.com")
    session = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    expect((session.status, session.payment_status), ("complete", "paid"))
    expect(session.subscription.status, "active")
    expect(session.subscription.metadata["user"], "1")
    expect(session.client_reference_id, "user-1")
    expect(client.v1.customers.retrieve(session.customer).email, "pays@example.com")
    bought = client.v1.checkout.sessions.line_items.list(session.id)
    expect([(line.price.id, line.amount_total) for line in bought.data], [(price.id, 2500)])
    done = client.v1.events.list({"type": "checkout.session.completed", "limit": 1})
    expect(done.data[0].data.object["id"], session.id)


@check
def a_checkout_takes_one_payment(client):
    product = client.v1.products.create({"name": "Poster"})
    once = client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 1500})
    coupon = client.v1.coupons.create({"amount_off": 500, "currency": "usd", "duration": "once"})
    promotion_code(client, coupon, "POSTER")
    session = checkout(
        client, "payment", line_items=[{"price": once.id, "quantity": 2}],
        allow_promotion_codes=True, customer_creation="always")
    played(
        client, f"checkout/sessions/{session.id}/complete", email="buys@example.com",
        promotion_code="POSTER")
    session = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    expect((session.amount_subtotal, session.amount_total), (3000, 2500))
    expect(session.payment_intent.status, "succeeded")
    expect(session.payment_intent.amount_received, 2500)


@check
def a_checkout_keeps_a_card(client):
    customer = customer_on(client, None, card=None)
    session = checkout(client, "setup", customer=customer.id, currency="usd")
    played(client, f"checkout/sessions/{session.id}/complete", card="5555555555554444")
    session = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
    expect((session.status, session.payment_status), ("complete", "no_payment_required"))
    expect(session.setup_intent.status, "succeeded")
    card = client.v1.payment_methods.retrieve(session.setup_intent.payment_method)
    expect((card.customer, card.card.last4), (customer.id, "4444"))


@check
def a_checkout_expires(client):
    session = checkout(
        client, "subscription", line_items=[{"price": price_of(client, 2500).id, "quantity": 1}])
    expect(client.v1.checkout.sessions.expire(session.id).status, "expired")
    status, late = play(client, f"checkout/sessions/{session.id}/complete")
    expect((status, late["error"]["type"]), (400, "invalid_request_error"))


def portal(client, products):
    """A configuration with everything on."""
    return client.v1.billing_portal.configurations.create(
        {
            "business_profile": {"headline": "Life"},
            "features": {
                "customer_update": {"enabled": True, "allowed_updates": ["email"]},
                "invoice_history": {"enabled": True},
                "payment_method_update": {"enabled": True},
                "subscription_cancel": {
                    "enabled": True,
                    "mode": "at_period_end",
                    "cancellation_reason": {
                        "enabled": True, "options": ["too_expensive", "unused"]},
                },
                "subscription_update": {
                    "enabled": True,
                    "default_allowed_updates": ["price", "quantity"],
                    "proration_behavior": "always_invoice",
                    "products": products,
                },
            },
        }
    )


@check
def the_portal_lets_a_customer_help_herself(client):
    product = client.v1.products.create({"name": "Help"}).id
    small, large = price_of(client, 700, product), price_of(client, 1700, product)
    configuration = portal(client, [{"product": product, "prices": [small.id, large.id]}])
    listed = client.v1.billing_portal.configurations.list()
    expect(configuration.id in [c.id for c in listed.data], True)
    customer = customer_on(client, None)
    subscription = subscribe(client, customer, small)
    session = client.v1.billing_portal.sessions.create(
        {
            "customer": customer.id,
            "configuration": configuration.id,
            "return_url": "https://example.com/account",
        }
    )
    expect(session.url.startswith("https://billing.stripe.com/"), True)
    path = f"billing_portal/sessions/{session.id}"
    played(client, f"{path}/update", price=large.id)
    changed = client.v1.subscriptions.retrieve(subscription.id)
    expect(changed["items"].data[0].price.id, large.id)
    expect([i.status for i in invoices_of(client, subscription)], ["paid", "paid"])
    played(client, f"{path}/payment_method", card="5555555555554444")
    card = client.v1.customers.retrieve(customer.id).invoice_settings.default_payment_method
    expect(client.v1.payment_methods.retrieve(card).card.last4, "4444")
    played(client, f"{path}/cancel", feedback="too_expensive")
    ending = client.v1.subscriptions.retrieve(subscription.id)
    expect((ending.status, ending.cancel_at is None), ("active", False))
    expect(ending.cancellation_details.feedback, "too_expensive")


@check
def the_portal_confirms_one_change(client):
    product = client.v1.products.create({"name": "Deep"}).id
    small, large = price_of(client, 700, product), price_of(client, 1700, product)
    configuration = portal(client, [{"product": product, "prices": [small.id, large.id]}])
    customer = customer_on(client, None)
    subscription = subscribe(client, customer, small)
    session = client.v1.billing_portal.sessions.create(
        {
            "customer": customer.id,
            "configuration": configuration.id,
            "flow_data": {
                "type": "subscription_update_confirm",
                "subscription_update_confirm": {
                    "subscription": subscription.id,
                    "items": [
                        {
                            "id": subscription["items"].data[0].id,
                            "price": large.id,
                            "quantity": 1,
                        }
                    ],
                },
            },
        }
    )
    expect(session.flow.type, "subscription_update_confirm")
    status, _ = play(client, f"billing_portal/sessions/{session.id}/cancel")
    expect(status, 400)
    played(client, f"billing_portal/sessions/{session.id}/update")
    changed = client.v1.subscriptions.retrieve(subscription.id)
    expect(changed["items"].data[0].price.id, large.id)
