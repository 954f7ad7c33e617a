"""Events: their list, and webhooks that the SDK verifies."""

import contextlib
import http.server
import json
import queue
import threading
import time

import stripe

from harness import check, eventually, expect, refused
from life import IS_ACACIA, customer_on, price_of, subscribe

OTHER_VERSION = "2026-10-28.endive" if IS_ACACIA else "2024-11-20.acacia"


@check
def events_are_listed_by_type_and_time(client):
    before = int(time.time()) - 60
    customer = client.v1.customers.create({"email": "listed@example.com"})
    client.v1.customers.update(customer.id, {"name": "Listed"})
    asked = {
        "types": ["customer.created", "customer.updated"], "created": {"gte": before}, "limit": 2}
    events = client.v1.events.list(asked)
    expect([e.type for e in events.data], ["customer.updated", "customer.created"])
    expect(events.has_more, True)
    expect(events.data[0].data.previous_attributes["name"], None)
    # An event has the version of the account, whatever the version of who asks.
    expect(events.data[0].api_version, "2026-10-28.endive")
    expect(client.v1.events.retrieve(events.data[1].id).data.object["id"], customer.id)
    older = client.v1.events.list({"type": "customer.created", "created": {"lt": before}})
    expect(customer.id in [e.data.object["id"] for e in older.data], False)
    wild = client.v1.events.list({"type": "customer.*", "limit": 1})
    expect([e.type for e in wild.data], ["customer.updated"])
    both = lambda: client.v1.events.list({"type": "customer.created", "types": ["product.created"]})
    refused(stripe.InvalidRequestError, both)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes webhooks and hands them over, bytes and signature."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.put((body, self.headers["Stripe-Signature"]))
        self.send_response(self.server.statuses.pop() if self.server.statuses else 200)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def receiver(*statuses):
    """A server that answers with these statuses, and then with 200."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.received = queue.Queue()
    server.statuses = list(reversed(statuses))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def delivered(client, type, success):
    """The events of a type that were delivered, or were not."""
    listed = client.v1.events.list({"type": type, "delivery_success": success})
    return [event.id for event in listed.data]


def endpoint_at(client, server, *types, **more):
    return client.v1.webhook_endpoints.create(
        {
            "url": f"http://127.0.0.1:{server.server_port}/hooks",
            "enabled_events": list(types),
            **more,
        }
    )


@check
def a_delivered_webhook_verifies(client):
    with receiver() as server:
        endpoint = endpoint_at(client, server, "customer.created")
        expect(endpoint.secret.startswith("whsec_"), True)
        shown = client.v1.webhook_endpoints.retrieve(endpoint.id)
        expect("secret" in shown, False)
        customer = client.v1.customers.create({"email": "hooked@example.com"})
        body, signature = server.received.get(timeout=10)
        event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
        expect((event.type, event.data.object["id"]), ("customer.created", customer.id))
        spoilt = lambda: stripe.Webhook.construct_event(body + b" ", signature, endpoint.secret)
        refused(stripe.SignatureVerificationError, spoilt)
        other = lambda: stripe.Webhook.construct_event(body, signature, "whsec_other")
        refused(stripe.SignatureVerificationError, other)
        eventually(lambda: event.id in delivered(client, "customer.created", True), "the success")
        client.v1.webhook_endpoints.delete(endpoint.id)


@check
def an_endpoint_gets_the_shape_of_its_own_version(client):
    with receiver() as server:
        endpoint = endpoint_at(client, server, "invoice.paid", api_version=OTHER_VERSION)
        expect(endpoint.api_version, OTHER_VERSION)
        subscription = subscribe(client, customer_on(client, None), price_of(client, 1900))
        body, signature = server.received.get(timeout=10)
        event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
        expect(event.api_version, OTHER_VERSION)
        invoice = json.loads(body)["data"]["object"]
        if IS_ACACIA:
            expect("subscription" in invoice or "payment_intent" in invoice, False)
            found = invoice["parent"]["subscription_details"]["subscription"]
        else:
            expect("parent" in invoice, False)
            expect(invoice["paid"], True)
            expect(invoice["payment_intent"].startswith("pi_"), True)
            found = invoice["subscription"]
        expect(found, subscription.id)
        client.v1.webhook_endpoints.delete(endpoint.id)


@check
def a_webhook_that_fails_is_known(client):
    with receiver(500) as server:
        endpoint = endpoint_at(client, server, "product.created")
        product = client.v1.products.create({"name": "Unheard"})
        body, _ = server.received.get(timeout=10)
        event = json.loads(body)["id"]
        expect(json.loads(body)["data"]["object"]["id"], product.id)
        eventually(lambda: event in delivered(client, "product.created", False), "the failure")
        client.v1.webhook_endpoints.delete(endpoint.id)
