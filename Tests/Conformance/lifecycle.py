"""lifecycle.py BILLING: the whole life of subscriptions, with the SDK of whatever version.

One line a check; the exit code is 0 only when all of them passed.
"""

from harness import run

# Each has the checks of a part; they run in this order.
import subscriptions
import payments
import pages
import usage
import events
import signatures

run()
