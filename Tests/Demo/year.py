"""year.py BILLING FILE: a year of 500 customers in the sandbox, and the report page of it.

The same year every time but for its date: it begins on the first of the next January, and what the
customers do is drawn from a fixed seed. It takes a minute or two.
"""

import calendar
import csv
import io
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

GIVEN = "Ada Grace Alan Edsger Barbara Donald Frances John Radia Ken Margaret Dennis Hedy Linus".split()
FAMILY = "Byron Hopper Turing Dijkstra Liskov Knuth Allen Backus Perlman Thompson Hamilton".split()
CUSTOMERS = 500
MONTHS = 12
# Plan, interval and how many of a hundred newcomers take it; the rest stay on the free plan.
WISHES = [
    ("starter", "month", 46),
    ("starter", "year", 12),
    ("professional", "month", 20),
    ("professional", "year", 8),
]


class Year:
    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)
        self.dice = random.Random(500)
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("BILLING_", "STRIPE_"))
        }
        # What customers are on, by their own ids; and who was cancelled.
        self.plans, self.yearly, self.gone, self.count = {}, set(), [], 0

    def run(self, *words, codes=(0,), file=None):
        """Runs a command in the sandbox and returns its data; `file` becomes a file of its own."""
        if file is not None:
            path = self.folder / "input.csv"
            path.write_text(file)
            words = [*words, str(path)]
        result = subprocess.run(
            [self.program, "--sandbox", "--json", *words],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False,
        )
        if result.returncode not in codes:
            sys.exit(f"billing {' '.join(words)} ended with {result.returncode}:\n{result.stderr}")
        return json.loads(result.stdout) if result.stdout else {}

    def table(self, header, rows):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([header.split(","), *rows])
        return text.getvalue()

    def apply(self, rows):
        """Carries out operations of all kinds; a declined card is part of the story."""
        header = "operation,customer,plan,interval,payment_method,trial_days,reference"
        if rows:
            done = self.run("apply", file=self.table(header, rows), codes=(0, 10))["data"]
            return {line["line"] - 2: line["status"] == "done" for line in done}
        return {}

    # What happens in a month

    def sign_up(self, number):
        names = []
        for _ in range(number):
            self.count += 1
            name = f"{self.dice.choice(GIVEN)} {self.dice.choice(FAMILY)}"
            address = name.lower().replace(" ", ".")
            names.append((f"u{self.count:03}", f"{address}.{self.count}@example.com", name))
        self.run("customer", "import", file=self.table("external_id,email,name", names))
        rows = [row for row in (self.wish(name[0]) for name in names) if row]
        self.remember(rows)

    def wish(self, customer):
        place = self.dice.randrange(100)
        for plan, interval, share in WISHES:
            if place < share:
                trial = 14 if interval == "month" and self.dice.random() < 0.4 else ""
                # A card that attaches and then fails: the first bill after the trial is not paid.
                fails = trial and self.dice.random() < 0.15
                card = "pm_card_chargeCustomerFail" if fails else "pm_card_visa"
                return ("subscribe", customer, plan, interval, card, trial, f"first-{customer}")
            place -= share
        return None

    def remember(self, rows):
        for index, is_done in self.apply(rows).items():
            if is_done:
                self.plans[rows[index][1]] = rows[index][2]
                if rows[index][3] == "year":
                    self.yearly.add(rows[index][1])

    def change(self, month):
        """Some go up, some go down, some leave, and some who left come back."""
        rows = []
        for customer, plan in list(self.plans.items()):
            chance = self.dice.random()
            if chance < 0.02 and plan == "starter":
                rows.append(("upgrade", customer, "professional", "", "", "", f"up-{month}"))
                self.plans[customer] = "professional"
            elif chance < 0.03 and plan == "professional":
                rows.append(("downgrade", customer, "starter", "", "", "", f"down-{month}"))
                self.plans[customer] = "starter"
            elif 0.03 <= chance < 0.055:
                rows.append(("cancel", customer, "", "", "", "", f"end-{month}"))
                self.gone.append((customer, month))
                del self.plans[customer]
        self.apply(rows)
        back = [who for who in self.gone if month - who[1] > 2 and self.dice.random() < 0.06]
        self.gone = [who for who in self.gone if who not in back]
        again = [
            ("subscribe", who, "starter", "month", "pm_card_visa", "0", f"again-{month}")
            for who, _ in back
        ]
        self.remember(again)

    def give_cards(self, customers, cards):
        """The customers' new cards, as they enter them in the portal."""
        ids = {name: id for id, name in self.names().items()}
        for customer in customers:
            # A card that wants its owner is attached all the same.
            self.run(
                "sandbox", "portal", "act", ids[customer], "payment-method",
                "--card", self.dice.choice(cards), codes=(0, 6),
            )

    def names(self):
        """The customers' own ids by Stripe's, which are others every time."""
        known = self.run("customer", "list", "--all", "--local")["data"]
        return {row["id"]: row["external_id"] for row in known}

    def break_cards(self, number):
        """Cards that fail at the next bill: refused, or asking for a customer who is not there."""
        chosen = self.dice.sample(sorted(self.plans), min(number, len(self.plans)))
        self.give_cards(chosen, ["4000000000000341", "4000002760003184"])

    def mend_cards(self):
        """Some of those whose payment failed give another card, and the next attempt is paid."""
        due = self.run("subscription", "list", "--status", "past_due", "--all", "--local")["data"]
        names = self.names()
        chosen = sorted(names[row["customer"]] for row in due)
        self.give_cards(
            [name for name in chosen if self.dice.random() < 0.55], ["4242424242424242"])

    def use(self, month):
        """AI requests of the month: most use some, a few use all that is included, or more."""
        rows = []
        for customer, plan in sorted(self.plans.items()):
            included = 1000 if plan == "starter" else 5000
            if customer in self.yearly:
                included //= 12
            share = min(1.6, self.dice.lognormvariate(-1.1, 0.7))
            rows.append((f"{customer}-{month}", customer, "ai_requests", int(included * share)))
        self.run("usage", "import", file=self.table("id,customer,meter,quantity", rows), codes=(0, 10))
        self.run("usage", "report", codes=(0, 10))

    # The year

    def live(self):
        shutil.copy(pathlib.Path(__file__).parents[2] / "plans.yaml", self.folder / "plans.yaml")
        self.run("plans", "seed")
        now = self.run("sandbox", "show")["now"]
        days = 31 - int(now[8:10])
        months = 12 - int(now[5:7])
        hours = 24 - int(now[11:13])
        self.advance(*(f"{n} {unit}" for n, unit in ((months, "months"), (days, "days")) if n))
        self.advance(f"{hours} hours")
        year = int(self.run("sandbox", "show")["now"][:4])
        for month in range(1, MONTHS + 1):
            print(f"month {month} of {MONTHS}", file=sys.stderr)
            left = CUSTOMERS - self.count
            share = max(20, left * month // sum(range(month, MONTHS + 1)))
            newcomers = left if month == MONTHS else share
            self.sign_up(newcomers // 2)
            self.change(month)
            self.advance("4 days")
            self.mend_cards()
            self.advance("13 days")
            self.mend_cards()
            self.sign_up(newcomers - newcomers // 2)
            self.use(month)
            self.break_cards(2 + month // 2)
            # The last month is not over when the report is written.
            days = 24 if month == MONTHS else calendar.monthrange(year, month)[1]
            self.advance(f"{days - 17} days")

    def advance(self, *spans):
        for span in spans:
            self.run("sandbox", "advance", span)

    def receive_nonsense(self):
        """Events that cannot be applied, as a service in between may make them."""
        now = self.run("sandbox", "show")["now"]
        for number, kind in enumerate(["invoice.paid", "customer.updated"]):
            event = {
                "id": f"evt_demo{number}", "object": "event", "type": kind, "livemode": False,
                "created": self.seconds(now) - 3600 * (number + 1), "api_version": "2026-10-28.endive",
                "data": {"object": {"id": f"x_{number}", "object": kind.split(".")[0]}},
            }
            path = self.folder / "event.json"
            path.write_text(json.dumps(event))
            self.run("webhook", "replay", str(path), "--no-verify", codes=(0, 10))

    @staticmethod
    def seconds(text):
        from datetime import datetime

        return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def main(program, page):
    program, page = os.path.abspath(program), os.path.abspath(page)
    with tempfile.TemporaryDirectory() as folder:
        year = Year(program, folder)
        year.live()
        year.receive_nonsense()
        figures = year.run("metrics")
        year.run("report", "--html", page)
    print(
        f"{year.count} customers, {figures['active_subscriptions']} active subscriptions, "
        f"MRR {figures['mrr']} {figures['currency']}"
    )
    print(page)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
