#!/usr/bin/env python3
"""usage.py BILLING [COUNT]: the speed of usage: its import, and the answers that rest on it.

Imports COUNT events (1,000,000) of 10,000 customers, one in twenty of them twice, beside
`sqlite3 .import --csv` of the same rows into a table with the same primary key; then asks a gate,
and for the summary of a customer who has as many events alone. Ends with 1 where the sums differ or
a target is missed.
"""

import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

COUNT = 1_000_000
CUSTOMERS = 10_000
DUPLICATES = 0.05
DAYS = 30
MOST_TIMES_SQLITE = 2
MOST_GATE_MILLISECONDS = 20
MOST_SUMMARY_MILLISECONDS = 50
RUNS = 21
PLANS = Path(__file__).parents[2] / "fixtures" / "plans" / "coditect.yaml"


class Bench:
    def __init__(self, billing, folder):
        self.billing = billing
        self.folder = Path(folder)
        self.environment = {
            name: value for name, value in os.environ.items()
            if not name.startswith(("BILLING_", "STRIPE_"))}
        self.environment |= {"BILLING_PLANS": str(PLANS)}

    def billed(self, *words, exits=(0,)):
        """The JSON of a run, and the seconds that it took."""
        start = time.monotonic()
        process = subprocess.run(
            [self.billing, "--json", "--quiet", *words], cwd=self.folder, env=self.environment,
            stdout=subprocess.PIPE, text=True)
        seconds = time.monotonic() - start
        if process.returncode not in exits:
            sys.exit(f"billing {' '.join(words)} ended with {process.returncode}")
        return json.loads(process.stdout), seconds

    def milliseconds(self, *words, exits=(0,)):
        """The median of many runs, after one that fills the caches."""
        times = [self.billed(*words, exits=exits)[1] for _ in range(RUNS + 1)][1:]
        return statistics.median(times) * 1000

    def make_customers(self, database, count):
        with open(self.folder / "customers.jsonl", "w") as file:
            for number in range(count):
                customer = {
                    "id": f"cus_{number:014}", "object": "customer", "balance": 0,
                    "created": 1_700_000_000, "currency": "usd", "delinquent": False,
                    "email": f"u{number}@example.com", "livemode": False, "metadata": {}}
                event = {
                    "id": f"evt_{number:014}", "object": "event", "type": "customer.created",
                    "created": 1_700_000_000, "livemode": False,
                    "api_version": "2026-10-28.endive", "data": {"object": customer}}
                file.write(json.dumps(event) + "\n")
        self.billed("--db", database, "webhook", "replay", "customers.jsonl", "--no-verify")

    def make_usage(self, name, count, customers):
        """A log of the last days, in its order, as JSON lines and as CSV; how many are distinct."""
        dice = random.Random(count)
        start, length = int(time.time()) - DAYS * 86_400, DAYS * 86_400
        distinct, row = 0, None
        with open(self.folder / f"{name}.jsonl", "w") as lines, \
                open(self.folder / f"{name}.csv", "w") as table:
            for number in range(count):
                if row is None or dice.random() >= DUPLICATES:
                    row = (
                        str(uuid.UUID(int=dice.getrandbits(128), version=4)),
                        f"cus_{dice.randrange(customers):014}", "ai_requests",
                        dice.randrange(1, 100), start + length * number // count)
                    distinct += 1
                identifier, customer, meter, quantity, at = row
                lines.write(
                    f'{{"id":"{identifier}","customer":"{customer}","meter":"{meter}",'
                    f'"quantity":{quantity},"timestamp":{at}}}\n')
                table.write(f"{identifier},{customer},{meter},{quantity},{at}\n")
        return distinct

    def sqlite_seconds(self, name):
        start = time.monotonic()
        subprocess.run(
            ["sqlite3", "table.db",
             "CREATE TABLE usage (id TEXT PRIMARY KEY ON CONFLICT IGNORE, customer TEXT, "
             "meter TEXT, quantity INTEGER, timestamp INTEGER)", ".import --csv "
             f"{name}.csv usage"], cwd=self.folder, check=True)
        seconds = time.monotonic() - start
        kept = sqlite3.connect(self.folder / "table.db").execute(
            "SELECT count(*) FROM usage").fetchone()[0]
        (self.folder / "table.db").unlink()
        return seconds, kept


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    billing = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else COUNT
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(billing, folder)
        bench.make_customers("billing.db", CUSTOMERS)
        distinct = bench.make_usage("usage", count, CUSTOMERS)
        seconds, kept = bench.sqlite_seconds("usage")
        print(f"usage: sqlite3 .import: {seconds:.2f} s, {count / seconds:,.0f} rows a second",
              flush=True)
        summary, own = bench.billed("usage", "import", "usage.jsonl")
        print(f"usage: billing usage import: {own:.2f} s, {count / own:,.0f} lines a second: "
              f"ratio {own / seconds:.2f} (at most {MOST_TIMES_SQLITE})", flush=True)
        if not summary["accepted"] == kept == distinct:
            print(f"usage: {distinct} were distinct, sqlite3 kept {kept}: {summary}")
            failed = True
        gate = bench.milliseconds(
            "gate", "check", "cus_00000000000007", "ai_requests", exits=(0, 3))
        consume = bench.milliseconds(
            "gate", "check", "cus_00000000000007", "ai_requests", "--consume", "1", exits=(0, 3))
        print(f"usage: gate check: {gate:.1f} ms, with --consume {consume:.1f} ms "
              f"(at most {MOST_GATE_MILLISECONDS})", flush=True)
        failed |= own / seconds > MOST_TIMES_SQLITE
        failed |= max(gate, consume) > MOST_GATE_MILLISECONDS

        bench.make_customers("one.db", 1)
        bench.make_usage("one", count, 1)
        bench.billed("--db", "one.db", "usage", "import", "one.jsonl")
        one = bench.milliseconds("--db", "one.db", "usage", "summary", "cus_00000000000000")
        print(f"usage: summary of one with {count:,} events: {one:.1f} ms "
              f"(at most {MOST_SUMMARY_MILLISECONDS})")
        failed |= one > MOST_SUMMARY_MILLISECONDS
    sys.exit(failed)


main()
