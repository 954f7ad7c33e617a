#!/usr/bin/env python3
"""listen.py BILLING [COUNT]: the speed of `webhook listen`, and whether its answers can be trusted.

Sends COUNT signed events (60,000) over 64 connections, kills the listener at the end of the load,
and looks whether every event that was answered is in the inbox. Started again, it processes what is
left. Ends with 1 where an event is missing or a target is missed.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from events import signed_events

COUNT = 60_000
SECRET = "whsec_benchmark"
CONNECTIONS = 64
MOST_SECONDS = 60
MOST_SECONDS_TO_GO_ON = 120
LEAST_A_SECOND = 5000
MOST_MILLISECONDS = 50
HERE = Path(__file__).parent
PLANS = HERE.parents[1] / "plans.yaml"


class Listener:
    """`billing webhook listen` on a free port."""

    def __init__(self, billing, folder):
        self.database = folder / "billing.db"
        environment = {
            name: value for name, value in os.environ.items()
            if not name.startswith(("BILLING_", "STRIPE_"))}
        environment |= {"STRIPE_WEBHOOK_SECRET": SECRET, "BILLING_PLANS": str(PLANS)}
        self.process = subprocess.Popen(
            [billing, "--db", str(self.database), "--quiet", "webhook", "listen", "--port", "0"],
            cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
        self.address = json.loads(self.process.stdout.readline())["listening"]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait()


def rows(database, condition="1"):
    store = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    return store.execute(f"SELECT count(*) FROM events WHERE {condition}").fetchone()[0]


def write(folder, count):
    """The load, each event once, so that every answer is a row. The first line is not sent: wrk
    takes it to see whether the script works."""
    events, _ = signed_events(count, SECRET, repeated=0)
    with open(folder / "events", "w") as file:
        file.write("t=0,v1=0\t{}\n")
        for body, signature in events:
            file.write(f"{signature}\t{body}\n")


def load(address, folder):
    output = subprocess.run(
        ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{MOST_SECONDS}s",
         "-s", str(HERE / "listen.lua"), f"{address}/webhooks/stripe", "--",
         str(folder / "events")],
        check=True, capture_output=True, text=True).stdout
    return json.loads(output.splitlines()[-1])


def seconds_to_go_on(listener):
    start = time.monotonic()
    while rows(listener.database, "status = 'pending'"):
        if time.monotonic() - start > MOST_SECONDS_TO_GO_ON:
            return None
        time.sleep(0.1)
    return time.monotonic() - start


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    billing = str(Path(sys.argv[1]).resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else COUNT
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, count)
        listener = Listener(billing, folder)
        result = load(listener.address, folder)
        listener.kill()
        accepted = result["answers"] - result["refused"]
        stored, pending = rows(listener.database), rows(listener.database, "status = 'pending'")

        listener = Listener(billing, folder)
        went_on = seconds_to_go_on(listener)
        code = listener.stop()
        failures = rows(listener.database, "status = 'failed'")
    speed = accepted / result["seconds"]
    print(f"listen: {accepted:,} of {count:,} events accepted over {CONNECTIONS} connections: "
          f"{speed:,.0f} a second (at least {LEAST_A_SECOND:,}), p50 {result['p50']:.1f} ms, "
          f"p99 {result['p99']:.1f} ms (at most {MOST_MILLISECONDS}), "
          f"longest {result['most']:.1f} ms")
    print(f"listen: killed, {stored:,} are in the inbox, {pending:,} of them pending; started "
          + (f"again, these are processed after {went_on:.1f} s" if went_on is not None else
             f"again, they are not all processed after {MOST_SECONDS_TO_GO_ON} s"))
    faults = {
        "refused": result["refused"], "broken connections": result["broken"],
        "accepted but not kept": max(0, accepted - stored),
        "kept but not sent": max(0, stored - accepted - CONNECTIONS), "failed": failures,
        "exit code": code}
    if any(faults.values()):
        print(f"listen: {', '.join(f'{name}: {value}' for name, value in faults.items() if value)}")
    sys.exit(
        any(faults.values()) or went_on is None
        or speed < LEAST_A_SECOND or result["p99"] > MOST_MILLISECONDS)


main()
