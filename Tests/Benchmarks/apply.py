#!/usr/bin/env python3
"""apply.py BILLING [SEED]: a thousand subscribes from one file, killed on the way and run again.

The first run is killed (SIGKILL) when it has told a number of results that the seed decides; the
second does the rest. Ends with 1 where not every customer has exactly one subscription, or the
journal is not settled.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COUNT = 1000
PLANS = Path(__file__).parents[2] / "fixtures" / "plans" / "agnostic.yaml"
FILE = "operations.csv"


class Shop:
    """A folder with a seeded sandbox and a file that subscribes every customer."""

    def __init__(self, billing, folder):
        self.billing = billing
        self.folder = Path(folder)
        self.environment = {**os.environ, "BILLING_SANDBOX": "1", "BILLING_PLANS": str(PLANS)}
        self.run("plans", "seed")
        people = [f"u-{number},u{number}@example.com" for number in range(COUNT)]
        self.write("people.csv", ["external_id,email", *people])
        self.run("customer", "import", "people.csv")
        lines = [f"subscribe,u{number}@example.com,team,pm_card_visa" for number in range(COUNT)]
        self.write(FILE, ["operation,customer,plan,payment_method", *lines])

    def write(self, name, lines):
        (self.folder / name).write_text("\n".join(lines) + "\n")

    def start(self, *words):
        return subprocess.Popen(
            [self.billing, "--quiet", *words], cwd=self.folder, env=self.environment,
            stdout=subprocess.PIPE, text=True)

    def run(self, *words):
        process = self.start(*words, "--format", "jsonl")
        output, _ = process.communicate()
        if process.returncode:
            sys.exit(f"billing {' '.join(words)} ended with {process.returncode}")
        return [json.loads(line) for line in output.splitlines()]

    def killed(self, results):
        process = self.start("apply", FILE, "--format", "jsonl")
        for _ in range(results):
            process.stdout.readline()
        process.kill()
        process.communicate()


def main():
    billing = os.path.abspath(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(billing, folder)
        seen = random.Random(seed).randrange(COUNT)
        start = time.monotonic()
        shop.killed(seen)
        first = time.monotonic() - start
        start = time.monotonic()
        rows = shop.run("apply", FILE)
        second = time.monotonic() - start
        start = time.monotonic()
        shop.run("apply", FILE)
        third = time.monotonic() - start

        before = sum(row["status"] == "already_done" for row in rows)
        subscriptions = shop.run("subscription", "list", "--status", "all", "--all")
        customers = {subscription["customer"] for subscription in subscriptions}
        invoices = [invoice for invoice in shop.run("invoice", "list", "--all")
                    if invoice["status"] == "paid"]
        unsettled = shop.run("recover")
    print(f"apply: killed after {seen} of {COUNT} results and {first:.1f} s; "
          f"the second run found {before} done and took {second:.1f} s, a third {third:.1f} s")
    print(f"apply: {len(subscriptions)} subscriptions of {len(customers)} customers, "
          f"{len(invoices)} paid invoices, {len(unsettled)} operations unsettled")
    right = len(subscriptions) == len(customers) == len(invoices) == COUNT
    sys.exit(0 if right and not unsettled and before >= seen else 1)


main()
