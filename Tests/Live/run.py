"""run.py BILLING: one script of what the tool does at Stripe, run against the built-in sandbox and,
with a test key in STRIPE_SECRET_KEY, against Stripe in test mode.

What it makes it takes away again. A live key is refused. STRIPE_API_BASE names another server that
speaks as Stripe does.
"""

import os
import sys
import tempfile
from pathlib import Path

from stage import Failure, Sandbox, Stripe

PLANS = """\
version: 1
namespace: {namespace}
currency: usd
default_plan: free
plans:
  - {{ id: free, name: Free, rank: 0 }}
"""

OFFERS = """\
  - id: small
    name: Small
    rank: 1
    prices: [{ interval: month, unit_amount: 1900 }, { interval: year, unit_amount: 19000 }]
  - id: large
    name: Large
    rank: 2
    prices: [{ interval: month, unit_amount: 4900 }]
packages:
  - { id: booster, name: Booster, tokens: 500000, unit_amount: 2000 }
urls:
  checkout_success: https://example.com/paid?session={CHECKOUT_SESSION_ID}
  checkout_cancel: https://example.com/left
  portal_return: https://example.com/billing
"""


def catalogue(stage):
    seeded = stage.run("plans seed")
    stage.expect(seeded["applied"], len(seeded["changes"]))
    stage.expect(stage.run("plans seed")["changes"], [])
    stage.run("plans diff --check")


def customer(stage):
    made = stage.run(f"customer create --email {stage.ada} --payment-method pm_card_visa")
    stage.expect((made["email"], made["plan"], made["status"]), (stage.ada, "free", "none"))
    stage.fails(5, "already_exists", f"customer create --email {stage.ada}")
    stage.run(f"customer create --email {stage.bob}")


def subscription(stage):
    plan = stage.run(f"subscribe {stage.ada} small --dry-run")
    stage.expect(plan["dry_run"], True)
    made = stage.run(f"subscribe {stage.ada} small")
    stage.expect((made["plan"], made["status"], made["unit_amount"]), ("small", "active", 1900))
    stage.fails(5, "invalid_state", f"subscribe {stage.ada} large")
    stage.fails(
        6, "card_declined", f"subscribe {stage.bob} small --payment-method pm_card_chargeDeclined"
    )
    stage.expect(stage.run(f"customer show {stage.bob}")["status"], "none")
    invoice = stage.run(f"invoice show {made['latest_invoice']}")
    stage.expect((invoice["status"], invoice["total"]), ("paid", 1900))


def upgrade(stage):
    preview = stage.run(f"upgrade {stage.ada} large --preview")
    stage.expect((preview["plan"], preview["currency"]), ("large", "usd"))
    # The two are made some moments apart, and the unused time is counted by the second.
    stage.expect(2990 <= preview["amount_due_now"] <= 3000, True)
    made = stage.run(f"upgrade {stage.ada} large")
    stage.expect((made["plan"], made["status"], made["unit_amount"]), ("large", "active", 4900))
    invoice = stage.run(f"invoice show {made['latest_invoice']}")
    stage.expect(invoice["status"], "paid")
    stage.expect(2990 <= invoice["total"] <= 3000, True)
    stage.fails(5, "invalid_state", f"upgrade {stage.ada} large")
    later = stage.run(f"downgrade {stage.ada} small")
    stage.expect((later["plan"], later["pending_change"]["plan"]), ("large", "small"))
    stage.expect(stage.run(f"resume {stage.ada}")["pending_change"], None)


def checkout(stage):
    page = stage.run(f"checkout {stage.bob} small --interval year")
    stage.expect((page["mode"], page["plan"]), ("subscription", "small"))
    stage.expect(page["url"].startswith("https://"), True)
    stage.expect(stage.run(f"checkout {stage.bob} small --interval year")["id"], page["id"])
    other = stage.run(f"checkout {stage.bob} large")
    stage.expect(stage.api("get", f"/v1/checkout/sessions/{page['id']}")["status"], "expired")
    tokens = stage.run(f"checkout {stage.bob} --tokens booster")
    stage.expect((tokens["mode"], tokens["plan"]), ("payment", None))
    stage.pages += [other["id"], tokens["id"]]
    stage.fails(5, "invalid_state", f"checkout {stage.ada} large")
    stage.fails(5, "not_for_sale", f"checkout {stage.bob} free")


def portal(stage):
    made = stage.run("portal configure")
    stage.portal = made["id"]
    stage.expect((made["action"], made["plans"]), ("created", ["small", "large"]))
    stage.expect(stage.run("portal configure")["action"], "unchanged")
    for flow in ["", " --flow update", " --flow cancel", " --flow payment-method"]:
        visit = stage.run(f"portal {stage.ada}{flow}")
        stage.expect(list(visit), ["id", "url", "customer", "expires_at"])
        stage.expect(visit["url"].startswith("https://"), True)


def ending(stage):
    ending = stage.run(f"cancel {stage.ada} --feedback unused")
    stage.expect((ending["status"], ending["cancel_at_period_end"]), ("active", True))
    stage.fails(5, "invalid_state", f"cancel {stage.ada}")
    stage.expect(stage.run(f"resume {stage.ada}")["cancel_at_period_end"], False)
    stage.fails(2, "confirmation_required", f"cancel {stage.ada} --now")
    stage.expect(stage.run(f"cancel {stage.ada} --now --yes")["status"], "canceled")
    kinds = [change["kind"] for change in stage.run(f"subscription history {stage.ada}")["data"]]
    stage.expect("created" in kinds and "cancellation" in kinds, True)
    stage.expect(stage.run("recover")["data"], [])


STEPS = [catalogue, customer, subscription, upgrade, checkout, portal, ending]


def clean(stage):
    """Takes away what the steps have made, however far they came."""
    for page in stage.pages:
        stage.api("post", f"/v1/checkout/sessions/{page}/expire")
    for email in [stage.ada, stage.bob]:
        if stage.exists(f"customer show {email}"):
            stage.run(f"customer delete {email} --yes")
    if stage.portal:
        stage.api("post", f"/v1/billing_portal/configurations/{stage.portal}", active="false")
    stage.write("plans.yaml", PLANS.format(namespace=stage.namespace))
    stage.run("plans seed --prune --yes")
    left = stage.api("get", "/v1/prices", active="true", limit="100")["data"]
    names = [price["lookup_key"] or "" for price in left]
    stage.expect([name for name in names if name.startswith(stage.namespace)], [])


def play(stage):
    """Whether every step went as it should."""
    stage.write("plans.yaml", PLANS.format(namespace=stage.namespace) + OFFERS)
    went_well = True
    for step in STEPS + [clean]:
        if not went_well and step is not clean:
            continue
        try:
            step(stage)
            print(f"ok    {stage.name}: {step.__name__}", flush=True)
        except (Failure, KeyError, TypeError) as error:
            went_well = False
            print(f"FAIL  {stage.name}: {step.__name__}: {error}", flush=True)
    return went_well


def main():
    billing = str(Path(sys.argv[1]).resolve())
    key = os.environ.get("STRIPE_SECRET_KEY", "")
    if key and not key.startswith(("sk_test_", "rk_test_")):
        print("STRIPE_SECRET_KEY is no test key: nothing was run", file=sys.stderr)
        return 2
    results = []
    for kind in [Sandbox, Stripe] if key else [Sandbox]:
        with tempfile.TemporaryDirectory() as folder:
            results.append(play(kind(billing, Path(folder), key)))
    if not key:
        print("--    Stripe: not run, since STRIPE_SECRET_KEY is not set (a test key: sk_test_…)")
    words = [f"{sum(results)} passed"]
    if not all(results):
        words.append(f"{len(results) - sum(results)} failed")
    if not key:
        words.append("1 not run")
    print(", ".join(words))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
