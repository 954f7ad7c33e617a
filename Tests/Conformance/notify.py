"""notify.py BILLING: sends notifications to a real mail server and to an HTTP sink on loopback.

The mail server is aiosmtpd, with STARTTLS, a login, and smtps. One line a check; the exit code is 0
only when all of them passed.
"""

import email
import email.policy
import http.server
import json
import logging
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import traceback
import warnings
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

# What aiosmtpd says of handshakes that fail on purpose, and of logins without TLS, is no news.
logging.getLogger("mail").setLevel(logging.CRITICAL)
warnings.simplefilter("ignore")

BILLING = str(Path(sys.argv[1]).resolve())
USER, PASSWORD = "billing@example.com", "s3cret/with:signs@"
URL_LOGIN = "billing%40example.com:s3cret%2Fwith%3Asigns%40"
CHECKS = []

PLANS = """
version: 1
currency: usd
default_plan: free
business: { name: Zoë & Söhne, email: billing@example.com }
notifications: { operators: [ops@example.com], kinds: { tokens_purchased: [customer, slack] } }
plans:
  - { id: free, name: Free, rank: 0 }
  - { id: team, name: Team, rank: 1, prices: [{ interval: month, unit_amount: 9900 }] }
packages: [{ id: small, name: Small, tokens: 100, unit_amount: 500 }]
"""


def check(function):
    CHECKS.append(function)
    return function


def expect(actual, wanted):
    if actual != wanted:
        raise AssertionError(f"{actual!r} instead of {wanted!r}")


class Inbox:
    """Takes mails, but for those of which a check says otherwise."""

    def __init__(self):
        self.mails, self.refused, self.hangs_up = [], {}, False

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.hangs_up:
            server.transport.abort()
            return "451 gone"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), message, session))
        return "250 taken"


class Server(Controller):
    def __init__(self, inbox, context=None, starttls=None, login=False):
        self.starttls, self.login = starttls, login
        super().__init__(inbox, hostname="127.0.0.1", port=0, ssl_context=context)

    def factory(self):
        options = {"tls_context": self.starttls, "require_starttls": self.starttls is not None}
        if self.login:
            options |= {"authenticator": self.authenticate, "auth_required": True,
                        "auth_require_tls": self.starttls is not None}
        return SMTP(self.handler, **options)

    def authenticate(self, server, session, envelope, mechanism, data):
        known = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=known, handled=False)

    def _trigger_server(self):
        # The port is known only now.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Sink:
    """Slack's side of an incoming webhook."""

    def __init__(self):
        self.bodies, self.status = [], 200
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                sink.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(sink.status)
                if sink.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/services/T0/B0/very-secret-path"


class Shop:
    """A sandbox with a customer who bought tokens, so that there is something to tell."""

    def __init__(self, folder):
        self.folder = Path(folder)
        (self.folder / "plans.yaml").write_text(PLANS)
        self.run("plans", "seed")
        self.run("customer", "create", "--email", "ada@example.com", "--name", "Ada <b>\nBcc: x",
                 "--payment-method", "pm_card_visa")
        self.run("tokens", "buy", "ada@example.com", "small",
                 "--payment-method", "pm_card_visa")

    def run(self, *words, code=0, **variables):
        environment = {k: v for k, v in os.environ.items()
                       if not k.startswith(("SMTP", "SLACK", "BILLING"))}
        result = subprocess.run(
            [BILLING, "--sandbox", "--quiet", "--json", *words], cwd=self.folder,
            env=environment | variables, capture_output=True, text=True, timeout=120)
        for secret in (PASSWORD, "s3cret", "very-secret-path"):
            if secret in result.stdout + result.stderr:
                raise AssertionError("a secret was shown")
        if result.returncode != code:
            raise AssertionError(f"exit {result.returncode}: {result.stdout}{result.stderr}")
        return json.loads(result.stdout or "null"), result.stderr

    def flush(self, code=0, **variables):
        return self.run("notify", "flush", code=code, **variables)

    def messages(self, **variables):
        return self.run("notify", "list", **variables)[0]["data"]


def certificate(folder):
    key, cert = f"{folder}/key.pem", f"{folder}/cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-subj", "/CN=localhost", "-days", "2", "-keyout", key, "-out", cert,
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


class Mail:
    """A server that runs for one check."""

    def __init__(self, **options):
        self.inbox = Inbox()
        self.server = Server(self.inbox, **options)

    def __enter__(self):
        self.server.start()
        return self

    def __exit__(self, *_):
        self.server.stop()

    def url(self, login="", scheme="smtp", query=""):
        at = f"{login}@" if login else ""
        return f"{scheme}://{at}127.0.0.1:{self.server.port}{query}"


@check
def a_mail_is_what_a_mail_program_reads(shop):
    with Mail() as mail:
        summary, _ = shop.flush(SMTP_URL=mail.url())
        expect(summary["sent"], 1)
        sender, recipients, message, _ = mail.inbox.mails[0]
        expect((sender, recipients), ("billing@example.com", ["ada@example.com"]))
        expect(str(message["From"]), "Zoë & Söhne <billing@example.com>")
        expect(str(message["To"]), "ada@example.com")
        expect(str(message["Subject"]), "[sandbox] 100 tokens for you")
        expect(message["Bcc"], None)
        expect(message.defects, [])
        text = message.get_body(("plain",)).get_content()
        html = message.get_body(("html",)).get_content()
        expect(text.startswith("Hello Ada <b>"), True)
        expect("We have received $5.00 for them." in text, True)
        expect("Hello Ada &lt;b&gt;" in html, True)
        expect(shop.flush(SMTP_URL=mail.url())[0]["sent"], 0)


@check
def starttls_and_a_login(shop):
    context, cert = certificate(shop.folder)
    with Mail(starttls=context, login=True) as mail:
        # Nobody vouches for the certificate, so that not even the login is told.
        _, errors = shop.flush(code=10, SMTP_URL=mail.url(URL_LOGIN))
        expect("certificate" in errors, True)
        shop.run("sandbox", "advance", "1h")
        shop.flush(code=10, SMTP_URL=mail.url("billing%40example.com:wrong", query=f"?ca={cert}"))
        expect(mail.inbox.mails, [])
        shop.run("sandbox", "advance", "1h")
        expect(shop.flush(SMTP_URL=mail.url(URL_LOGIN, query=f"?ca={cert}"))[0]["sent"], 1)
        session = mail.inbox.mails[0][3]
        expect((session.ssl is not None, session.authenticated), (True, True))


@check
def smtps(shop):
    context, cert = certificate(shop.folder)
    with Mail(context=context, login=True) as mail:
        url = mail.url(URL_LOGIN, "smtps", f"?ca={cert}")
        expect(shop.flush(SMTP_URL=url)[0]["sent"], 1)


@check
def a_recipient_who_is_refused(shop):
    with Mail() as mail:
        mail.inbox.refused["ada@example.com"] = "550 5.1.1 no such user"
        summary, errors = shop.flush(code=10, SMTP_URL=mail.url())
        expect((summary["sent"], summary["dead"]), (0, 1))
        expect("550 5.1.1 no such user" in errors, True)
        row = next(m for m in shop.messages() if m["channel"] == "email")
        expect((row["status"], row["error"]), ("dead", "550 5.1.1 no such user"))


@check
def a_refusal_for_now_is_tried_again(shop):
    with Mail() as mail:
        mail.inbox.refused["ada@example.com"] = "451 4.7.1 greylisted"
        shop.flush(code=10, SMTP_URL=mail.url())
        expect(shop.flush(SMTP_URL=mail.url())[0]["sent"], 0)
        mail.inbox.refused.clear()
        shop.run("sandbox", "advance", "2m")
        expect(shop.flush(SMTP_URL=mail.url())[0]["sent"], 1)


@check
def a_server_that_hangs_up_mid_way(shop):
    with Mail() as mail:
        mail.inbox.hangs_up = True
        expect(shop.flush(code=10, SMTP_URL=mail.url())[0]["failed"], 1)
        mail.inbox.hangs_up = False
        shop.run("sandbox", "advance", "2m")
        expect(shop.flush(SMTP_URL=mail.url())[0]["sent"], 1)
        expect(len(mail.inbox.mails), 1)


@check
def slack_is_told_once(shop):
    sink = Sink()
    summary, _ = shop.flush(SLACK_WEBHOOK_URL=sink.url)
    expect((summary["sent"], summary["waiting"]), (1, 1))
    expect(len(sink.bodies), 1)
    text = sink.bodies[0]["text"]
    expect(text.startswith("*[sandbox] ada@example.com: 100 tokens for you*\nTo ada@"), True)
    expect("Hello Ada &lt;b&gt;" in text, True)
    expect(shop.flush(SLACK_WEBHOOK_URL=sink.url)[0]["sent"], 0)
    expect(len(sink.bodies), 1)


@check
def slack_is_not_followed_elsewhere(shop):
    sink = Sink()
    sink.status = 302
    _, errors = shop.flush(code=10, SLACK_WEBHOOK_URL=sink.url)
    expect("redirects are not followed" in errors, True)
    expect(len(sink.bodies), 1)


@check
def the_sandbox_leaves_other_machines_alone(shop):
    _, errors = shop.flush(code=8, SMTP_URL=f"smtps://{URL_LOGIN}@mail.example.com",
                           SLACK_WEBHOOK_URL="https://hooks.slack.com/services/T0/B0/very-secret-path")
    expect("missing_channel" in errors, True)


def main():
    failures = 0
    for function in CHECKS:
        name = function.__name__.replace("_", " ")
        try:
            with tempfile.TemporaryDirectory() as folder:
                function(Shop(folder))
            print(f"ok    {name}")
        except Exception as error:  # each check stands for itself
            failures += 1
            print(f"FAIL  {name}: {type(error).__name__}: {error}")
            if "-v" in sys.argv:
                traceback.print_exc()
    print(f"notify.py: {len(CHECKS)} checks, {failures} failed")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
