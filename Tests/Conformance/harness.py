"""What the conformance checks share: `billing sandbox serve`, and one line a check."""

import json
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import stripe

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def expect(actual, wanted):
    if actual != wanted:
        raise AssertionError(f"{actual!r} instead of {wanted!r}")


def refused(kind, call, code=None):
    try:
        call()
    except kind as error:
        if code is not None:
            expect(error.code, code)
        return error
    raise AssertionError(f"no {kind.__name__}")


def eventually(happens, what):
    """Waits, ten seconds at most, for what the server does by itself."""
    for _ in range(500):
        if happens():
            return
        time.sleep(0.02)
    raise AssertionError(f"{what} has not happened")


def serve(billing, folder):
    server = subprocess.Popen(
        [billing, "sandbox", "serve", "--port", "0", "--quiet"],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    return server, json.loads(server.stdout.readline())["listening"]


def sdk_client(address):
    """A client of the SDK at hand; the older one has no `v1`."""
    client = stripe.StripeClient(
        "sk_test_conformance", base_addresses={"api": address}, max_network_retries=0
    )
    if not hasattr(client, "v1"):
        client.v1 = client
    client.address = address
    return client


def run():
    """Runs all checks against a sandbox of their own; the exit code is 0 when all passed."""
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        server, address = serve(str(Path(sys.argv[1]).resolve()), folder)
        try:
            client = sdk_client(address)
            for function in CHECKS:
                name = function.__name__.replace("_", " ")
                try:
                    function(client)
                    print(f"ok    {name}")
                except Exception as error:  # each check stands for itself
                    failures += 1
                    print(f"FAIL  {name}: {type(error).__name__}: {error}")
                    if "-v" in sys.argv:
                        traceback.print_exc()
        finally:
            server.terminate()
            stopped = server.wait(timeout=20)
    if stopped != 0:
        failures += 1
        print(f"FAIL  the server ended with {stopped} on SIGTERM")
    version = stripe.VERSION if hasattr(stripe, "VERSION") else stripe.version.VERSION
    print(f"{Path(sys.argv[0]).name} with stripe-python {version}: "
          f"{len(CHECKS)} checks, {failures} failed")
    sys.exit(failures > 0)
