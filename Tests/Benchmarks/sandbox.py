#!/usr/bin/env python3
"""sandbox.py BILLING [EMULATOR]: the speed of the sandbox.

Creates customers over HTTP with 8 connections, beside EMULATOR (localstripe) where it is given, and
lets a year pass for 1,000 subscriptions. Ends with 1 where a target is missed.
"""

import http.client
import json
import re
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

CONNECTIONS = 8
SECONDS = 5
SUBSCRIPTIONS = 1000
LEAST_CUSTOMERS_A_SECOND = 2000
MOST_SECONDS_A_YEAR = 60
MOST_MEGABYTES = 300

LOAD = """
wrk.method = "POST"
wrk.body = "email=ada%40example.com&name=Ada"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Authorization"] = "Bearer sk_test_sandbox"
"""


def customers_a_second(port, folder):
    script = folder / "load.lua"
    script.write_text(LOAD)
    output = subprocess.run(
        ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{SECONDS}s", "-s", str(script),
         f"http://127.0.0.1:{port}/v1/customers"],
        check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output:
        sys.exit(f"customers were refused:\n{output}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])


class Sandbox:
    """`billing sandbox serve` on a free port."""

    def __init__(self, billing, folder):
        self.process = subprocess.Popen(
            [billing, "sandbox", "serve", "--port", "0", "--quiet"], cwd=folder,
            stdout=subprocess.PIPE, text=True)
        address = json.loads(self.process.stdout.readline())["listening"]
        self.port = int(address.rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def emulator_customers_a_second(emulator, folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [emulator, "--port", str(port), "--from-scratch"], cwd=folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        return customers_a_second(port, folder)
    finally:
        process.kill()
        process.wait()


def call(connection, path, **parameters):
    connection.request(
        "POST", path, urllib.parse.urlencode(parameters),
        {"Content-Type": "application/x-www-form-urlencoded",
         "Authorization": "Bearer sk_test_sandbox"})
    answer = connection.getresponse()
    body = json.loads(answer.read())
    if answer.status != 200:
        sys.exit(f"{path}: {body}")
    return body["id"]


def fill(port):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    product = call(connection, "/v1/products", name="Pro")
    price = call(
        connection, "/v1/prices",
        **{"product": product, "currency": "usd", "unit_amount": 1900,
           "recurring[interval]": "month"})
    for number in range(SUBSCRIPTIONS):
        customer = call(
            connection, "/v1/customers",
            **{"email": f"c{number}@example.com", "payment_method": "pm_card_visa",
               "invoice_settings[default_payment_method]": "pm_card_visa"})
        call(connection, "/v1/subscriptions",
             **{"customer": customer, "items[0][price]": price})


def year(billing, folder):
    start = time.monotonic()
    output = subprocess.run(
        [billing, "sandbox", "advance", "1 year", "--json", "--quiet"], cwd=folder, check=True,
        capture_output=True, text=True).stdout
    seconds = time.monotonic() - start
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    paid = json.loads(output)["counts"]["invoice.paid"]
    return seconds, megabytes, paid


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    billing = str(Path(sys.argv[1]).resolve())
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Sandbox(billing, folder) as sandbox:
            ours = customers_a_second(sandbox.port, folder)
        line = f"customers created over HTTP: {ours:.0f} a second"
        if len(sys.argv) == 3:
            emulator = str(Path(sys.argv[2]).resolve())
            theirs = emulator_customers_a_second(emulator, folder)
            line += f", localstripe {theirs:.0f}: ratio {ours / theirs:.1f}"
        print(f"{line} (at least {LEAST_CUSTOMERS_A_SECOND})", flush=True)
        failed |= ours < LEAST_CUSTOMERS_A_SECOND
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Sandbox(billing, folder) as sandbox:
            fill(sandbox.port)
        seconds, megabytes, paid = year(billing, folder)
        print(
            f"{SUBSCRIPTIONS} subscriptions advanced by a year: {seconds:.1f} s, {paid} invoices "
            f"paid (at most {MOST_SECONDS_A_YEAR} s), {megabytes:.0f} MB "
            f"(at most {MOST_MEGABYTES} MB)")
        failed |= seconds > MOST_SECONDS_A_YEAR or megabytes > MOST_MEGABYTES
    sys.exit(failed)


main()
