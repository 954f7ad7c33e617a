"""Where the script plays: the sandbox, or Stripe in test mode."""

import base64
import json
import os
import subprocess
import urllib.error
import urllib.parse
import urllib.request
import uuid


class Failure(Exception):
    pass


class Stage:
    """The program in a folder of its own, with names that no other run has."""

    options = []

    def __init__(self, billing, folder, key):
        run = uuid.uuid4().hex[:10]
        self.billing, self.folder, self.key = billing, folder, key
        self.namespace = f"check{run}"
        self.ada, self.bob = (f"{name}-{run}@example.com" for name in ["ada", "bob"])
        self.pages, self.portal = [], None
        # Nothing else of the caller's environment takes part.
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("BILLING_", "STRIPE_")) and name != "FRONTEND_URL"
        }

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def started(self, line):
        return subprocess.run(
            [self.billing, *self.options, "--quiet", "--json", *line.split()],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def run(self, line):
        """What a line prints that goes well."""
        done = self.started(line)
        if done.returncode != 0:
            raise Failure(f"billing {line}: exit {done.returncode}: {done.stderr.strip()}")
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise Failure(f"billing {line}: no JSON: {done.stdout[:200]!r}") from None

    def fails(self, exit_code, code, line):
        """Insists on how a line ends that must not go well."""
        done = self.started(line)
        last = done.stderr.strip().split("\n")[-1]
        told = json.loads(last)["error"]["code"] if last.startswith("{") else last
        if (done.returncode, told) != (exit_code, code):
            raise Failure(
                f"billing {line}: exit {done.returncode}, {told} instead of {exit_code}, {code}"
            )

    def exists(self, line):
        return self.started(line).returncode == 0

    @staticmethod
    def expect(actual, wanted):
        if actual != wanted:
            raise Failure(f"{actual!r} instead of {wanted!r}")


class Sandbox(Stage):
    name = "sandbox"
    options = ["--sandbox"]

    def api(self, method, path, **parameters):
        """A call that the tool has no command for."""
        words = " ".join(f"{name}={value}" for name, value in parameters.items())
        return self.run(f"sandbox call {method} {path} {words}")


class Stripe(Stage):
    name = "Stripe"

    def __init__(self, billing, folder, key):
        super().__init__(billing, folder, key)
        self.base = os.environ.get("STRIPE_API_BASE", "https://api.stripe.com")
        self.environment["STRIPE_SECRET_KEY"] = key
        if "STRIPE_API_BASE" in os.environ:
            self.environment["STRIPE_API_BASE"] = self.base

    def api(self, method, path, **parameters):
        """A call that the tool has no command for."""
        form = urllib.parse.urlencode(parameters)
        url = self.base + path + (f"?{form}" if method == "get" and form else "")
        request = urllib.request.Request(
            url, data=form.encode() if method == "post" else None, method=method.upper()
        )
        credentials = base64.b64encode(f"{self.key}:".encode()).decode()
        request.add_header("Authorization", f"Basic {credentials}")
        try:
            with urllib.request.urlopen(request, timeout=80) as answer:
                return json.load(answer)
        except (urllib.error.URLError, ValueError) as error:
            raise Failure(f"{method} {path}: {error}") from None
