"""Subscriptions from the trial to the end: money, time and failure."""

import stripe

from harness import check, expect, refused
from life import (
    DAY, FEBRUARY, IS_ACACIA, MARCH, START, add_up, advance, clock_at, customer_on, default_card,
    invoices_of, is_proration, months, payment_of, period_end, preview, price_of,
    promotion_code, subscribe, subscription_of)


@check
def a_trial_ends_with_the_first_payment(client):
    clock = clock_at(client, START)
    subscription = subscribe(
        client, customer_on(client, clock), price_of(client, 1900), trial_period_days=7)
    expect(subscription.status, "trialing")
    expect(period_end(subscription), START + 7 * DAY)
    advance(client, clock, START + 5 * DAY)
    warned = client.v1.events.list({"type": "customer.subscription.trial_will_end"})
    expect(subscription.id in [e.data.object["id"] for e in warned.data], True)
    advance(client, clock, START + 7 * DAY + 2 * 3600)
    subscription = client.v1.subscriptions.retrieve(subscription.id)
    expect(subscription.status, "active")
    expect([i.amount_paid for i in invoices_of(client, subscription)], [0, 1900])
    for invoice in invoices_of(client, subscription):
        add_up(invoice)


@check
def what_lives_on_a_clock_is_listed_only_there(client):
    clock = clock_at(client, START)
    customer = customer_on(client, clock)
    subscription = subscribe(client, customer, price_of(client, 1900))
    plain = [s.id for s in client.v1.subscriptions.list().data]
    expect(subscription.id in plain, False)
    there = client.v1.subscriptions.list({"test_clock": clock.id})
    expect([s.id for s in there.data], [subscription.id])
    of_customer = client.v1.subscriptions.list({"customer": customer.id})
    expect([s.id for s in of_customer.data], [subscription.id])
    expect(clock.id in [c.id for c in client.v1.test_helpers.test_clocks.list().data], True)
    back = lambda: client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": START - 1})
    refused(stripe.InvalidRequestError, back)
    far = lambda: client.v1.test_helpers.test_clocks.advance(
        clock.id, {"frozen_time": START + 90 * DAY})
    refused(stripe.InvalidRequestError, far)
    expect(client.v1.test_helpers.test_clocks.delete(clock.id).deleted, True)
    gone = lambda: client.v1.test_helpers.test_clocks.retrieve(clock.id)
    refused(stripe.InvalidRequestError, gone, "resource_missing")
    expect(client.v1.customers.retrieve(customer.id).deleted, True)


@check
def an_upgrade_costs_what_its_preview_said(client):
    clock = clock_at(client, START)
    small, large = price_of(client, 1000), price_of(client, 3100)
    subscription = subscribe(client, customer_on(client, clock), small)
    middle = START + 15 * DAY
    advance(client, clock, middle)
    item = subscription["items"].data[0]
    changes = {
        "items": [{"id": item.id, "price": large.id}],
        "proration_behavior": "always_invoice",
        "proration_date": middle,
    }
    shown = preview(client, subscription, changes)
    expect(len(invoices_of(client, subscription)), 1)
    client.v1.subscriptions.update(subscription.id, changes)
    made = invoices_of(client, subscription)[-1]
    text = lambda line: (line.amount, line.description, is_proration(line))
    expect([text(line) for line in made.lines.data], [text(line) for line in shown.lines.data])
    expect((made.total, made.amount_due), (shown.total, shown.amount_due))
    # 16 of 31 days are left: 516 back, 1600 for the new plan.
    expect([(line.amount, is_proration(line)) for line in made.lines.data],
           [(-516, True), (1600, True)])
    expect(made.status, "paid")
    expect(subscription_of(made), subscription.id)
    add_up(made)


@check
def a_change_waits_for_the_next_invoice(client):
    clock = clock_at(client, START)
    price = price_of(client, 1000)
    subscription = subscribe(client, customer_on(client, clock), price)
    middle = START + 15 * DAY
    advance(client, clock, middle)
    item = subscription["items"].data[0]
    changes = {"items": [{"id": item.id, "quantity": 3}], "proration_date": middle}
    shown = preview(client, subscription, changes)
    client.v1.subscriptions.update(subscription.id, changes)
    expect(len(invoices_of(client, subscription)), 1)
    advance(client, clock, FEBRUARY + 2 * 3600)
    made = invoices_of(client, subscription)[-1]
    expect(sorted(line.amount for line in made.lines.data), [-516, 1548, 3000])
    expect((made.total, made.status), (shown.total, "paid"))


if IS_ACACIA:

    @check
    def the_lines_of_an_upcoming_invoice_are_paged(client):
        subscription = subscribe(client, customer_on(client, None), price_of(client, 1000))
        more = price_of(client, 300)
        asked = {
            "subscription": subscription.id,
            "subscription_items": [{"price": more.id, "quantity": 2}],
            "subscription_proration_behavior": "none",
            "limit": 1,
        }
        lines = client.v1.invoices.upcoming_lines.list(asked)
        expect(sorted(line.amount for line in lines.auto_paging_iter()), [600, 1000])


@check
def a_renewal_that_fails_is_recovered(client):
    clock = clock_at(client, START)
    customer = customer_on(client, clock)
    subscription = subscribe(client, customer, price_of(client, 4900))
    default_card(client, customer, "pm_card_chargeCustomerFail")
    advance(client, clock, FEBRUARY + 2 * 3600)
    subscription = client.v1.subscriptions.retrieve(subscription.id)
    expect(subscription.status, "past_due")
    invoice = invoices_of(client, subscription)[-1]
    expect((invoice.status, invoice.attempt_count), ("open", 1))
    expect(invoice.next_payment_attempt > FEBRUARY, True)
    intent = payment_of(client, invoice)
    expect(intent.status, "requires_payment_method")
    expect(intent.last_payment_error.code, "card_declined")
    error = refused(
        stripe.CardError, lambda: client.v1.invoices.pay(invoice.id), "card_declined")
    expect(error.http_status, 402)
    good = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    paid = client.v1.invoices.pay(invoice.id, {"payment_method": good.id})
    expect((paid.status, paid.amount_remaining), ("paid", 0))
    expect(client.v1.subscriptions.retrieve(subscription.id).status, "active")
    failed = client.v1.events.list({"type": "invoice.payment_failed"})
    expect(invoice.id in [e.data.object["id"] for e in failed.data], True)


@check
def a_renewal_that_nobody_pays_ends_the_subscription(client):
    clock = clock_at(client, START)
    customer = customer_on(client, clock)
    subscription = subscribe(client, customer, price_of(client, 4900))
    default_card(client, customer, "pm_card_chargeCustomerFail")
    advance(client, clock, MARCH - DAY)
    subscription = client.v1.subscriptions.retrieve(subscription.id)
    expect(subscription.status, "canceled")
    expect(subscription.cancellation_details.reason, "payment_failed")
    # The first attempt and three more.
    expect(invoices_of(client, subscription)[-1].attempt_count, 4)


@check
def a_cancellation_at_the_end_of_the_period_takes_effect_then(client):
    clock = clock_at(client, START)
    subscription = subscribe(client, customer_on(client, clock), price_of(client, 900))
    ending = client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    expect((ending.status, ending.cancel_at), ("active", FEBRUARY))
    advance(client, clock, FEBRUARY + 60)
    ended = client.v1.subscriptions.retrieve(subscription.id)
    expect((ended.status, ended.ended_at), ("canceled", FEBRUARY))
    expect(len(invoices_of(client, subscription)), 1)


@check
def a_cancellation_at_once_gives_back_what_is_left(client):
    clock = clock_at(client, START)
    subscription = subscribe(client, customer_on(client, clock), price_of(client, 1000))
    advance(client, clock, START + 15 * DAY)
    ended = client.v1.subscriptions.cancel(subscription.id, {"prorate": True, "invoice_now": True})
    expect(ended.status, "canceled")
    last = invoices_of(client, subscription)[-1]
    expect((last.total, last.status), (-516, "paid"))
    expect(client.v1.customers.retrieve(subscription.customer).balance, -516)


@check
def a_schedule_downgrades_at_the_end_of_the_period(client):
    clock = clock_at(client, START)
    large, small = price_of(client, 4900), price_of(client, 900)
    subscription = subscribe(client, customer_on(client, clock), large)
    schedules = client.v1.subscription_schedules
    schedule = schedules.create({"from_subscription": subscription.id})
    now = schedule.phases[0]
    schedule = schedules.update(
        schedule.id,
        {
            "end_behavior": "release",
            "phases": [
                {
                    "start_date": now.start_date,
                    "end_date": now.end_date,
                    "items": [{"price": large.id, "quantity": 1}],
                },
                {"items": [{"price": small.id, "quantity": 1}], **months(1)},
            ],
        },
    )
    expect([(p.start_date, p.end_date) for p in schedule.phases],
           [(START, FEBRUARY), (FEBRUARY, MARCH)])
    advance(client, clock, FEBRUARY + 2 * 3600)
    subscription = client.v1.subscriptions.retrieve(subscription.id)
    expect(subscription["items"].data[0].price.id, small.id)
    expect(subscription.schedule, schedule.id)
    advance(client, clock, MARCH + 2 * 3600)
    expect(schedules.retrieve(schedule.id).status, "released")
    expect([i.total for i in invoices_of(client, subscription)], [4900, 900, 900])


@check
def a_promotion_code_is_redeemed_and_runs_out(client):
    clock = clock_at(client, START)
    coupon = client.v1.coupons.create({"percent_off": 25, "duration": "once"})
    code = promotion_code(client, coupon, "LIFE25")
    again = lambda: promotion_code(client, coupon, "life25")
    refused(stripe.InvalidRequestError, again)
    found = client.v1.promotion_codes.list({"code": "life25"})
    expect([c.id for c in found.data], [code.id])
    subscription = subscribe(
        client, customer_on(client, clock), price_of(client, 2000),
        discounts=[{"promotion_code": code.id}])
    first = invoices_of(client, subscription)[0]
    expect((first.subtotal, first.total), (2000, 1500))
    expect([d.amount for d in first.total_discount_amounts], [500])
    add_up(first)
    expect(client.v1.promotion_codes.retrieve(code.id).times_redeemed, 1)
    advance(client, clock, FEBRUARY + 2 * 3600)
    expect([i.total for i in invoices_of(client, subscription)], [1500, 2000])


@check
def a_change_that_is_not_paid_is_pending(client):
    clock = clock_at(client, START)
    customer = customer_on(client, clock)
    small, large = price_of(client, 1000), price_of(client, 3100)
    subscription = subscribe(client, customer, small)
    default_card(client, customer, "pm_card_chargeCustomerFail")
    advance(client, clock, START + 15 * DAY)
    item = subscription["items"].data[0].id
    changed = client.v1.subscriptions.update(
        subscription.id,
        {
            "items": [{"id": item, "price": large.id}],
            "payment_behavior": "pending_if_incomplete",
            "proration_behavior": "always_invoice",
        },
    )
    expect(changed["items"].data[0].price.id, small.id)
    expect(changed.pending_update.subscription_items[0].price.id, large.id)
    # It waits for 23 hours.
    expect(changed.pending_update.expires_at, START + 15 * DAY + 23 * 3600)
    good = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    client.v1.invoices.pay(changed.latest_invoice, {"payment_method": good.id})
    changed = client.v1.subscriptions.retrieve(subscription.id)
    expect(changed.pending_update, None)
    expect(changed["items"].data[0].price.id, large.id)
