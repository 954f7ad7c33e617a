"""Usage: meters and their events, and, before basil, usage records."""

import stripe

from harness import check, expect, refused
from life import (
    DAY, FEBRUARY, IS_ACACIA, START, add_up, advance, clock_at, customer_on, invoices_of, subscribe)


def metered(client, event_name):
    """A meter, and its price: 100 are free, then two cents each."""
    meter = client.v1.billing.meters.create(
        {
            "display_name": "Requests",
            "event_name": event_name,
            "default_aggregation": {"formula": "sum"},
        }
    )
    product = client.v1.products.create({"name": "Requests"})
    price = client.v1.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "recurring": {"interval": "month", "usage_type": "metered", "meter": meter.id},
            "tiers": [{"up_to": 100, "unit_amount": 0}, {"up_to": "inf", "unit_amount": 2}],
        }
    )
    return meter, price


def report(client, event_name, customer, value, identifier, moment):
    return client.v1.billing.meter_events.create(
        {
            "event_name": event_name,
            "payload": {"stripe_customer_id": customer.id, "value": value},
            "identifier": identifier,
            "timestamp": moment,
        }
    )


@check
def usage_is_counted_and_billed(client):
    clock = clock_at(client, START)
    customer = customer_on(client, clock)
    meter, price = metered(client, "life_requests")
    subscription = subscribe(client, customer, price)
    expect(sum(i.total for i in invoices_of(client, subscription)), 0)
    advance(client, clock, START + DAY)
    for number, value in enumerate(["100", "50", "7"]):
        event = report(
            client, "life_requests", customer, value, f"life-{number}", START + 3600)
        expect(event.identifier, f"life-{number}")
    twice = lambda: report(client, "life_requests", customer, "1", "life-0", START + 3600)
    refused(stripe.InvalidRequestError, twice)
    late = lambda: report(client, "life_requests", customer, "1", "late", START - 40 * DAY)
    refused(stripe.InvalidRequestError, late)
    client.v1.billing.meter_event_adjustments.create(
        {"event_name": "life_requests", "type": "cancel", "cancel": {"identifier": "life-2"}})
    summary = client.v1.billing.meters.event_summaries.list(
        meter.id, {"customer": customer.id, "start_time": START, "end_time": START + DAY})
    expect([s.aggregated_value for s in summary.data], [150])
    advance(client, clock, FEBRUARY + 3 * 3600)
    bill = invoices_of(client, subscription)[-1]
    expect((bill.total, bill.status), (100, "paid"))
    add_up(bill)


if IS_ACACIA:

    @check
    def usage_records_are_counted_and_billed(client):
        clock = clock_at(client, START)
        customer = customer_on(client, clock)
        product = client.v1.products.create({"name": "Minutes"})
        price = client.v1.prices.create(
            {
                "product": product.id,
                "currency": "usd",
                "unit_amount": 3,
                "recurring": {
                    "interval": "month", "usage_type": "metered", "aggregate_usage": "sum"},
            }
        )
        subscription = subscribe(client, customer, price)
        item = subscription["items"].data[0].id
        advance(client, clock, START + DAY)
        records = client.v1.subscription_items.usage_records
        first = records.create(item, {"quantity": 40, "timestamp": START + 3600})
        expect((first.object, first.quantity), ("usage_record", 40))
        records.create(item, {"quantity": 5, "timestamp": START + 7200, "action": "increment"})
        records.create(item, {"quantity": 10, "timestamp": START + 3600, "action": "set"})
        summaries = client.v1.subscription_items.usage_record_summaries.list(item)
        expect([s.total_usage for s in summaries.data], [15])
        advance(client, clock, FEBRUARY + 3 * 3600)
        expect(invoices_of(client, subscription)[-1].total, 45)

    @check
    def usage_records_are_not_for_meters(client):
        _, price = metered(client, "life_no_records")
        subscription = subscribe(client, customer_on(client, None), price)
        item = subscription["items"].data[0].id
        make = lambda: client.v1.subscription_items.usage_records.create(item, {"quantity": 1})
        refused(stripe.InvalidRequestError, make)
