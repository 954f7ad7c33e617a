"""Outgoing webhooks: what a service is sent, the library of Standard Webhooks and the SDK verify."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import stripe
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from harness import check, eventually, expect, refused

BILLING = str(Path(sys.argv[1]).resolve())
PLANS = Path(__file__).parents[2] / "fixtures" / "plans" / "agnostic.yaml"


class Service:
    """A company's own service, which keeps what it is sent and answers with a status."""

    def __init__(self):
        self.seen, self.status = [], 200
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.seen.append((dict(self.headers.items()), body))
                self.send_response(service.status)
                if service.status == 302:
                    self.send_header("Location", f"{service.url}/elsewhere")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def billing(folder, *words, code=0):
    done = subprocess.run(
        [BILLING, "--sandbox", "--quiet", "--json", *words], cwd=folder, capture_output=True,
        env={**os.environ, "BILLING_PLANS": str(PLANS)})
    expect((words, done.returncode), (words, code))
    return json.loads(done.stdout)


@check
def standard_webhooks_are_verified_by_their_library(client):
    service = Service()
    with tempfile.TemporaryDirectory() as folder:
        billing(folder, "plans", "seed")
        added = billing(folder, "endpoint", "add", service.url + "/hook", "--events", "*")
        billing(
            folder, "subscribe", "ada@example.com", "team", "--create",
            "--payment-method", "pm_card_visa")
        sent = billing(folder, "delivery", "retry")["data"]
        billing(folder, "endpoint", "test", added["id"])
    webhook = Webhook(added["secret"])
    types = [webhook.verify(body, headers)["type"] for headers, body in service.seen]
    expect(types, [delivery["type"] for delivery in sent] + ["endpoint.test"])
    expect("subscription.created" in types and "invoice.paid" in types, True)
    headers, body = service.seen[0]
    changed = lambda: webhook.verify(body + b" ", headers)
    refused(WebhookVerificationError, changed)
    expect(json.loads(body)["id"], headers["webhook-id"])


@check
def a_header_of_ones_own_is_verified_by_the_sdk(client):
    service = Service()
    with tempfile.TemporaryDirectory() as folder:
        added = billing(
            folder, "endpoint", "add", service.url, "--events", "invoice.*",
            "--signature-header", "X-Coditect-Signature")
        billing(folder, "endpoint", "test", added["id"])
    headers, body = service.seen[0]
    signature = headers["X-Coditect-Signature"]
    expect(
        stripe.WebhookSignature.verify_header(body.decode(), signature, added["secret"], 300), True)


@check
def a_redirect_is_not_followed(client):
    service = Service()
    service.status = 302
    with tempfile.TemporaryDirectory() as folder:
        added = billing(folder, "endpoint", "add", service.url, "--events", "*")
        told = billing(folder, "endpoint", "test", added["id"], code=10)
    expect((told["http_status"], told["error"]), (302, "redirects are not followed"))
    expect(len(service.seen), 1)


@check
def a_listener_sends_what_happens_by_itself(client):
    service = Service()
    with tempfile.TemporaryDirectory() as folder:
        billing(folder, "plans", "seed")
        billing(folder, "endpoint", "add", service.url, "--events", "subscription.created")
        listener = subprocess.Popen(
            [BILLING, "--sandbox", "--quiet", "webhook", "listen", "--port", "0"], cwd=folder,
            env={**os.environ, "BILLING_PLANS": str(PLANS)}, stdout=subprocess.PIPE)
        try:
            listener.stdout.readline()
            service.status = 503
            billing(
                folder, "subscribe", "ada@example.com", "team", "--create",
                "--payment-method", "pm_card_visa")
            eventually(lambda: service.seen, "the first attempt")
            service.status = 200
            eventually(lambda: len(service.seen) > 1, "the second attempt")
        finally:
            listener.terminate()
            expect(listener.wait(timeout=20), 0)
        (first, body), (second, again) = service.seen
        expect((second["webhook-id"], again), (first["webhook-id"], body))
        log = billing(folder, "delivery", "list")["data"]
        expect([(row["status"], row["attempts"]) for row in log], [("delivered", 2)])
