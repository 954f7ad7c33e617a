#!/usr/bin/env python3
"""latency.py BILLING [ROUNDS]: how long people wait, over libcurl, with 8 processes at once.

`billing` works against `sandbox serve`, whose webhooks `webhook listen` receives. Each of 8 workers
subscribes customers by a checkout page and sells them tokens, ROUNDS (8) times, and posts events to
the listener. Measured is the whole way: checkout until the subscription is known here, receipt of a
webhook until it is applied, purchase until the balance has the tokens. Ends with 1 where one of the
95th percentiles is over its target, or a customer was charged or credited not exactly once.
"""

import hashlib
import hmac
import http.client
import json
import math
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

WORKERS = 8
ROUNDS = 8
SECRET = "whsec_benchmark"
KEY = "sk_test_benchmark0123456789"
PLANS = Path(__file__).parents[2] / "fixtures" / "plans" / "coditect.yaml"
PLAN = "starter"
PACKAGE, PACKAGE_TOKENS = "booster", 500_000
MOST_SECONDS_TO_WAIT = 60
MOST_SECONDS = {"checkout": 3, "webhook": 1, "tokens": 2}


class Server:
    """A `billing` that serves; the first line that it prints tells where."""

    def __init__(self, billing, folder, environment, *words):
        self.process = subprocess.Popen(
            [billing, "--quiet", *words], cwd=folder, env=environment, stdout=subprocess.PIPE,
            text=True)
        self.address = json.loads(self.process.stdout.readline())["listening"]

    def stop(self):
        self.process.terminate()
        return self.process.wait()


class Shop:
    """Stripe, a listener, and a seeded catalogue."""

    def __init__(self, billing, folder):
        self.billing, self.folder = billing, folder
        self.environment = {
            name: value for name, value in os.environ.items()
            if not name.startswith(("BILLING_", "STRIPE_"))}
        self.environment |= {
            "STRIPE_WEBHOOK_SECRET": SECRET, "STRIPE_SECRET_KEY": KEY,
            "BILLING_PLANS": str(PLANS)}
        self.listener = Server(
            billing, folder, self.environment, "webhook", "listen", "--port", "0")
        self.stripe = Server(
            billing, folder, self.environment, "sandbox", "serve", "--port", "0",
            "--webhook", f"{self.listener.address}/webhooks/stripe")
        self.environment["STRIPE_API_BASE"] = self.stripe.address
        self.run("plans", "seed")

    def run(self, *words):
        process = subprocess.run(
            [self.billing, "--quiet", "--json", *words], cwd=self.folder, env=self.environment,
            capture_output=True, text=True)
        if process.returncode:
            sys.exit(f"billing {' '.join(words)} ended with {process.returncode}: {process.stderr}")
        return json.loads(process.stdout)

    def rows(self, query, *values):
        """What the state database has; another connection looks, as another program would."""
        store = sqlite3.connect(f"file:{self.folder / 'billing.db'}?mode=ro", uri=True, timeout=30)
        try:
            return store.execute(query, values).fetchall()
        finally:
            store.close()

    def stop(self):
        return self.stripe.stop() or self.listener.stop()


def send(method, address, path, body, headers):
    url = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=30)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    if answer.status != 200:
        sys.exit(f"{path} was answered {answer.status}: {text[:300]}")
    return text


def payments(shop):
    """All payments at Stripe that went well, asked for without `billing`."""
    found, place = [], ""
    while True:
        text = send(
            "GET", shop.stripe.address, f"/v1/payment_intents?limit=100{place}", None,
            {"Authorization": f"Bearer {KEY}"})
        page = json.loads(text)
        found += [payment for payment in page["data"] if payment["status"] == "succeeded"]
        if not page["has_more"]:
            return found
        place = f"&starting_after={page['data'][-1]['id']}"


def wait_until(happened, what):
    start = time.monotonic()
    while not happened():
        if time.monotonic() - start > MOST_SECONDS_TO_WAIT:
            sys.exit(f"{what} did not happen within {MOST_SECONDS_TO_WAIT} s")
        time.sleep(0.005)


def subscribe(shop, customer):
    """The checkout page is made, the customer pays there, and the subscription is known here."""
    start = time.monotonic()
    session = shop.run(
        "checkout", customer, PLAN, "--success-url", "https://example.com/thanks",
        "--cancel-url", "https://example.com/plans", "--trial-days", "0")
    send(
        "POST", shop.stripe.address, f"/sandbox/checkout/sessions/{session['id']}/complete", "",
        {"Authorization": f"Bearer {KEY}"})
    query = "SELECT count(*) FROM subscriptions WHERE customer = ? AND status = 'active'"
    wait_until(lambda: shop.rows(query, customer)[0][0], f"{customer} is subscribed")
    return time.monotonic() - start


def buy(shop, customer):
    """Tokens are sold for the card at hand, until another process reads the balance."""
    start = time.monotonic()
    shop.run("tokens", "buy", customer, PACKAGE, "--payment-method", "pm_card_visa")
    balance = shop.run("tokens", "balance", customer)["balance"]
    if balance != PACKAGE_TOKENS:
        sys.exit(f"{customer} has {balance} tokens after the purchase")
    return time.monotonic() - start


def receive(shop, number):
    """An event is posted, as Stripe does, until what it says is in the mirror."""
    now = int(time.time())
    customer = f"cus_latency{number}"
    event = {
        "id": f"evt_latency{number}", "object": "event", "type": "customer.updated",
        "created": now, "livemode": False, "api_version": "2026-10-28.endive",
        "data": {"object": {
            "id": customer, "object": "customer", "email": f"l{number}@example.com",
            "created": now, "livemode": False, "metadata": {}, "balance": 0}}}
    body = json.dumps(event)
    signature = hmac.new(SECRET.encode(), f"{now}.{body}".encode(), hashlib.sha256).hexdigest()
    start = time.monotonic()
    send(
        "POST", shop.listener.address, "/webhooks/stripe", body,
        {"Stripe-Signature": f"t={now},v1={signature}", "Content-Type": "application/json"})
    query = "SELECT count(*) FROM customers WHERE id = ?"
    wait_until(lambda: shop.rows(query, customer)[0][0], f"evt_latency{number} is applied")
    return time.monotonic() - start


def work(shop, worker, rounds, times):
    """Each worker does all of it, one customer after another."""
    for round in range(rounds):
        number = worker * rounds + round
        customer = shop.run("customer", "create", "--email", f"u{number}@example.com")["id"]
        for name, seconds in (
            ("checkout", subscribe(shop, customer)), ("tokens", buy(shop, customer)),
            ("webhook", receive(shop, number)),
        ):
            with times["lock"]:
                times[name].append(seconds)


def percentile(values, share):
    return sorted(values)[math.ceil(len(values) * share) - 1]


def faults(shop, count):
    """Whoever was not charged for the plan and the tokens exactly once, and credited once."""
    query = "SELECT count(*) FROM events WHERE status = 'pending'"
    wait_until(lambda: not shop.rows(query)[0][0], "the inbox is empty")
    listed = shop.run("customer", "list", "--all", "--local")["data"]
    customers = [customer["id"] for customer in listed if customer["email"].startswith("u")]
    found = {}
    if len(customers) != count:
        found["customers"] = f"{len(customers)} of {count}"
    paid = {}
    for invoice in shop.run("invoice", "list", "--all")["data"]:
        if invoice["status"] == "paid" and invoice["amount_paid"] > 0:
            paid[invoice["customer"]] = paid.get(invoice["customer"], 0) + 1
    subscribed = {}
    for subscription in shop.run("subscription", "list", "--status", "all", "--all")["data"]:
        subscribed[subscription["customer"]] = subscribed.get(subscription["customer"], 0) + 1
    charged = {}
    for payment in payments(shop):
        if payment["metadata"].get("billing_package"):
            charged[payment["customer"]] = charged.get(payment["customer"], 0) + 1
    purchases = dict(shop.rows(
        "SELECT customer, count(*) FROM token_entries WHERE kind = 'purchased' GROUP BY customer"))
    for customer in customers:
        wrong = {
            "subscriptions": subscribed.get(customer, 0), "paid invoices": paid.get(customer, 0),
            "payments for tokens": charged.get(customer, 0), "credits": purchases.get(customer, 0)}
        wrong = {name: number for name, number in wrong.items() if number != 1}
        if wrong or shop.run("tokens", "balance", customer)["balance"] != PACKAGE_TOKENS:
            found[customer] = wrong
    return found


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    billing = str(Path(sys.argv[1]).resolve())
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    times = {"checkout": [], "webhook": [], "tokens": [], "lock": threading.Lock()}
    with tempfile.TemporaryDirectory() as name:
        shop = Shop(billing, Path(name))
        try:
            with ThreadPoolExecutor(WORKERS) as pool:
                for future in [
                    pool.submit(work, shop, worker, rounds, times) for worker in range(WORKERS)
                ]:
                    future.result()
            wrong = faults(shop, WORKERS * rounds)
        finally:
            code = shop.stop()
    late = False
    for what, words in (
        ("checkout", "checkout to subscription"), ("webhook", "webhook to mirror"),
        ("tokens", "purchase to balance"),
    ):
        p50, p95 = percentile(times[what], 0.5), percentile(times[what], 0.95)
        late = late or p95 > MOST_SECONDS[what]
        print(f"latency: {words}, {len(times[what])} times with {WORKERS} processes: "
              f"p50 {p50:.2f} s, p95 {p95:.2f} s (at most {MOST_SECONDS[what]})")
    print(f"latency: {WORKERS * rounds} customers, "
          + ("each charged and credited once" if not wrong else f"wrong: {wrong}"))
    if code:
        print(f"latency: a server ended with {code}")
    sys.exit(bool(late or wrong or code))


main()
