"""Signatures: what `webhook sign` signs the SDK verifies, and what the SDK signs we verify."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import stripe

from harness import check, expect, refused

BILLING = str(Path(sys.argv[1]).resolve())
SECRET = "whsec_conformance"
BODY = json.dumps(
    {
        "id": "evt_1",
        "object": "event",
        "type": "customer.created",
        "created": 1795168800,
        "livemode": False,
        "api_version": "2026-10-28.endive",
        "data": {"object": {"id": "cus_1", "object": "customer", "name": "Zoë"}},
    },
    ensure_ascii=False,
    indent=2,
)


def billing(*words, body=BODY, secret=SECRET):
    """`billing webhook …` with the body on standard input; the exit code and what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [BILLING, "webhook", *words, "--json"],
            input=body.encode(),
            cwd=folder,
            env={**os.environ, "STRIPE_WEBHOOK_SECRET": secret},
            capture_output=True,
        )
    return done.returncode, json.loads(done.stdout or done.stderr)


def signature(timestamp, body=BODY, secret=SECRET):
    return stripe.WebhookSignature._compute_signature(f"{timestamp}.{body}", secret)


def header(timestamp, scheme="v1", **made):
    """As the SDKs make one for tests (`generate_test_header_string`)."""
    return f"t={timestamp},{scheme}={signature(timestamp, **made)}"


@check
def the_sdk_verifies_what_we_sign(client):
    for body in (BODY, BODY + "\n"):
        code, signed = billing("sign", "-", body=body, secret=SECRET + ",whsec_old")
        expect(code, 0)
        event = stripe.Webhook.construct_event(body, signed["header"], SECRET)
        expect(event.id, "evt_1")
    other = lambda: stripe.Webhook.construct_event(body, signed["header"], "whsec_old")
    refused(stripe.SignatureVerificationError, other)


@check
def we_verify_what_the_sdk_signs(client):
    code, verified = billing("verify", "-", "--signature", header(int(time.time())))
    expect((code, verified["id"], verified["type"]), (0, "evt_1", "customer.created"))
    old = header(int(time.time()), secret="whsec_old")
    expect(billing("verify", "-", "--signature", old, secret="whsec_new,whsec_old")[0], 0)
    code, error = billing("verify", "-", "--signature", old)
    expect((code, error["error"]["code"]), (9, "signature"))


@check
def the_same_headers_are_accepted_and_refused(client):
    now = int(time.time())
    good, bad = signature(now), "0" * 64
    headers = [
        (header(now), BODY, True),
        (header(now - 290), BODY, True),
        (f"t={now},v1={bad},v1={good}", BODY, True),
        (f"t={now},v1={good},v1={bad}", BODY, True),
        (f"t={now},v0={bad},v1={good}", BODY, True),
        (f"v1={good},t={now}", BODY, True),
        (header(now - 310), BODY, False),
        (header(now, scheme="v0"), BODY, False),
        (f"t={now}, v1={good}", BODY, False),
        (f"t=abc,v1={good}", BODY, False),
        (f"t={now}", BODY, False),
        (f"v1={good}", BODY, False),
        (f"t={now},v1={bad}", BODY, False),
        (f"t={now},v1={good[:-1]}", BODY, False),
        (f"t={now - 1},v1={good}", BODY, False),
        ("what", BODY, False),
        (header(now), BODY + "\n", False),
        (header(now), BODY.replace("Zoë", "Zoe"), False),
        (header(now, secret="whsec_other"), BODY, False),
        (header(now, secret=SECRET.removeprefix("whsec_")), BODY, False),
    ]
    for text, body, accepted in headers:
        try:
            stripe.Webhook.construct_event(body, text, SECRET)
            theirs = True
        except stripe.SignatureVerificationError:
            theirs = False
        ours = billing("verify", "-", "--signature", text, body=body)[0]
        expect((text, theirs, ours), (text, accepted, 0 if accepted else 9))
