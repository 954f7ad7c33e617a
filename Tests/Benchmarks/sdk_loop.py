#!/usr/bin/env python3
"""sdk_loop.py FILE DATABASE SECRET: what most receivers do, with the official SDK.

Verifies and reads each event with `stripe.Webhook.construct_event`, and keeps it and its object in
SQLite, one transaction an event. Prints how many distinct events there are.
"""

import json
import sqlite3
import sys

import stripe

file, database, secret = sys.argv[1:]
store = sqlite3.connect(database)
store.executescript("""
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE events (id TEXT PRIMARY KEY, type TEXT, created INTEGER, body TEXT);
    CREATE TABLE objects (id TEXT PRIMARY KEY, type TEXT, created INTEGER, event TEXT);
""")
with open(file) as lines:
    for line in lines:
        envelope = json.loads(line)
        payload = envelope["payload"]
        event = stripe.Webhook.construct_event(
            payload, envelope["headers"]["Stripe-Signature"], secret, tolerance=None)
        with store:
            kept = store.execute(
                "INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?)",
                (event.id, event.type, event.created, payload))
            if kept.rowcount:
                subject = event.data.object
                store.execute(
                    """
                    INSERT INTO objects VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
                    SET created = excluded.created, event = excluded.event
                    WHERE excluded.created >= created
                    """, (subject.id, subject.object, event.created, event.id))
print(json.dumps({"distinct": store.execute("SELECT count(*) FROM events").fetchone()[0]}))
