#!/usr/bin/env python3
"""replay.py BILLING [COUNT]: the speed of `webhook replay`, beside scripts that do less.

Replays COUNT signed events (100,000) of COUNT / 10 customers, with a loop of the official SDK, with
a tuned script and with BILLING, then the same events as one JSON array. Run it by a Python that has
the SDK. Ends with 1 where the results differ or a target is missed.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COUNT = 100_000
SECRET = "whsec_benchmark"
LEAST_TIMES_THE_SDK = 20
LEAST_TIMES_THE_SCRIPT = 1
MOST_MEGABYTES = 100
HERE = Path(__file__).parent
PLANS = HERE.parents[1] / "plans.yaml"


class Run:
    """One process with the time and the memory that it took, and the JSON that it printed."""

    def __init__(self, words, folder):
        environment = {
            name: value for name, value in os.environ.items()
            if not name.startswith(("BILLING_", "STRIPE_"))}
        environment |= {"STRIPE_WEBHOOK_SECRET": SECRET, "BILLING_PLANS": str(PLANS)}
        start = time.monotonic()
        with subprocess.Popen(
                [str(word) for word in words], cwd=folder, env=environment,
                stdout=subprocess.PIPE, text=True) as process:
            output = process.stdout.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds = time.monotonic() - start
        self.megabytes = used.ru_maxrss / 1024
        if process.returncode:
            sys.exit(f"{' '.join(str(word) for word in words)}: ended with {process.returncode}")
        self.answer = json.loads(output)

    def told(self, events):
        return f"{events / self.seconds:,.0f} a second, {self.megabytes:.0f} MB"


def script(name, folder):
    """Runs a script of this folder, and removes the database that it made: they are large."""
    run = Run([sys.executable, HERE / f"{name}.py", folder / "signed.jsonl", folder / name, SECRET],
              folder)
    remove(folder, name)
    return run


def remove(folder, name):
    for path in folder.glob(f"{name}*"):
        path.unlink()


def kept(database):
    """How many events the inbox holds, and how many subscriptions are active."""
    store = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    return (
        store.execute("SELECT count(*) FROM events WHERE status = 'processed'").fetchone()[0],
        store.execute("SELECT count(*) FROM subscriptions WHERE status = 'active'").fetchone()[0])


def replay(billing, folder, name, *options):
    database = folder / f"{name}.db"
    run = Run([billing, "--db", database, "--json", "--quiet", "webhook", "replay",
               folder / name, *options], folder)
    found = kept(database)
    # The database and the file, which has served.
    remove(folder, name)
    return run, found


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    billing = Path(sys.argv[1]).resolve()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else COUNT
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = Run([sys.executable, HERE / "events.py", folder, count, SECRET], folder).answer
        events, distinct = made["events"], made["distinct"]
        print(f"replay: {events:,} events of {made['bytes'] / events:,.0f} bytes, "
              f"{distinct:,} distinct ones of {count // 10:,} customers", flush=True)

        loop = script("sdk_loop", folder)
        print(f"replay: a loop of the SDK: {loop.told(events)}", flush=True)
        tuned = script("tuned_script", folder)
        print(f"replay: a tuned script: {tuned.told(events)}", flush=True)
        run, (processed, active) = replay(billing, folder, "signed.jsonl")
        to_loop, to_tuned = loop.seconds / run.seconds, tuned.seconds / run.seconds
        print(f"replay: billing webhook replay: {run.told(events)}: "
              f"ratio {to_loop:.1f} to the loop (at least {LEAST_TIMES_THE_SDK}), "
              f"{to_tuned:.2f} to the script (at least {LEAST_TIMES_THE_SCRIPT})", flush=True)
        array, (of_array, active_of_array) = replay(
            billing, folder, "array.json", "--no-verify")
        print(f"replay: one array of {made['bytes'] / 1e6:.0f} MB: {array.told(events)} "
              f"(at most {MOST_MEGABYTES} MB)")
    summary = run.answer
    results = {
        "made": distinct, "the SDK's loop": loop.answer["distinct"],
        "the script": tuned.answer["distinct"], "replay": processed, "the array": of_array,
        "replay's summary": summary["processed"],
        "its events without duplicates": summary["read"] - summary["duplicates"]}
    if len(set(results.values())) != 1:
        print(f"the numbers of distinct events differ: {results}")
        failed = True
    if not active == active_of_array == count // 10:
        print(f"{active:,} and {active_of_array:,} subscriptions are active, not {count // 10:,}")
        failed = True
    failed |= to_loop < LEAST_TIMES_THE_SDK or to_tuned < LEAST_TIMES_THE_SCRIPT
    failed |= max(run.megabytes, array.megabytes) > MOST_MEGABYTES
    sys.exit(failed)


main()
