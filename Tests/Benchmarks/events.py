#!/usr/bin/env python3
"""events.py FOLDER COUNT SECRET: signed events of many customers, as Stripe would send them.

Writes `signed.jsonl`, envelopes with signatures, one a line, and `array.json`, the same events in
one array. Each customer lives through the first month of Ada of fixtures/events, ten events. The
file is in the order of time, but 3 in 100 events come late, and 3 in 100 are repeats of others.
Prints how many events there are, how many distinct ones, and the size of them all.
"""

import hashlib
import hmac
import json
import random
import re
import sys
import time
from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "fixtures" / "events"
STEPS = [
    "customer.created", "payment_method.attached", "customer.subscription.created",
    "customer.updated", "invoice.created", "payment_intent.succeeded", "invoice.paid",
    "customer.subscription.updated", "customer.subscription.updated", "invoice.paid",
]
MAY_BE_MISSING = STEPS.index("customer.updated")
LATE = REPEATED = 0.03
DAY = 86400
SECONDS_BETWEEN_CUSTOMERS = 60

# What is a customer's own in a text: ids, names, and moments after the catalogue was made.
IDS = re.compile(r'((?:"|\b)(?:evt|cus|sub|si|in|il|pi|ch|pm|req)_)\w{7}')
NAMES = [('"ada@', '"u', '@'), ('"u-1001"', '"u-', '"')]
MOMENTS = re.compile(r"\b(1[78]\d{8})\b")
PLACE = "\0"


class Template:
    """An event with places for a customer's number, and moments that can be moved."""

    def __init__(self, event, catalogue_made):
        text = json.dumps(event, separators=(",", ":"), ensure_ascii=False)
        text = IDS.sub(lambda match: match[1] + PLACE, text)
        for name, start, end in NAMES:
            text = text.replace(name, start + PLACE + end)
        self.created = event["created"]
        self.parts = []
        for index, part in enumerate(MOMENTS.split(text)):
            if index % 2 and int(part) > catalogue_made:
                self.parts.append(int(part))
            elif index % 2:
                self.parts.append(part)
            else:
                for number, literal in enumerate(part.split(PLACE)):
                    self.parts += [None, literal] if number else [literal]

    def text(self, customer):
        number, moved = f"{customer:07}", customer * SECONDS_BETWEEN_CUSTOMERS
        return "".join(
            part if type(part) is str else number if part is None else str(part + moved)
            for part in self.parts)


def templates():
    """The first events of the steps' types that are Ada's, in the steps' order."""
    events = [json.loads(path.read_text()) for path in sorted(FIXTURES.glob("*.json"))]
    catalogue_made = max(
        event["created"] for event in events if event["type"] == "price.created")
    ada = next(event for event in events if event["type"] == STEPS[0])["data"]["object"]["id"]
    found, place = [], 0
    for step in STEPS:
        while events[place]["type"] != step or ada not in json.dumps(events[place]):
            place += 1
        found.append(Template(events[place], catalogue_made))
        place += 1
    return found


def deliveries(count, steps, repeated, chance):
    """Pairs of a customer and a step in the order in which they arrive, and how many differ."""
    customers = count // len(STEPS)
    repeats = int(count * repeated)
    # For each repeat another event is left out, so that there are as many as were asked for.
    missing = set(chance.sample(range(customers), repeats))
    arrivals = []
    for customer in range(customers):
        for step, template in enumerate(steps):
            if step == MAY_BE_MISSING and customer in missing:
                continue
            late = chance.randrange(3 * DAY) if chance.random() < LATE else 0
            created = template.created + customer * SECONDS_BETWEEN_CUSTOMERS
            arrivals.append((created + late, customer, step))
    for arrival, customer, step in chance.sample(arrivals, repeats):
        arrivals.append((arrival + chance.randrange(3 * DAY), customer, step))
    arrivals.sort()
    return [(customer, step) for _, customer, step in arrivals], len(arrivals) - repeats


def signature(body, secret, moment):
    signed = b"%d.%b" % (moment, body)
    return f"t={moment},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def signed_events(count, secret, repeated=REPEATED):
    """The body and the signature of each delivery; and how many of them are distinct."""
    steps, moment = templates(), int(time.time())
    order, distinct = deliveries(count, steps, repeated, random.Random(1))

    def bodies():
        for customer, step in order:
            body = steps[step].text(customer)
            yield body, signature(body.encode(), secret, moment)

    return bodies(), distinct


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    folder, count, secret = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    events, distinct = signed_events(count, secret)
    written = size = 0
    with open(folder / "signed.jsonl", "w") as lines, open(folder / "array.json", "w") as array:
        for body, header in events:
            envelope = {"payload": body, "headers": {"Stripe-Signature": header}}
            lines.write(json.dumps(envelope) + "\n")
            array.write((",\n" if written else "[") + body)
            written += 1
            size += len(body.encode())
        array.write("]\n")
    print(json.dumps({"events": written, "distinct": distinct, "bytes": size}))


if __name__ == "__main__":
    main()
