extension HelpTopic {
  static let enforcement = HelpTopic(
    name: "enforcement", summary: "Who may do what: gates, limits, grace and exceptions",
    text: """
      A gate answers from the local database: no key, no network. Exit 0 is yes, 3 is no; the
      decision with its reason is on standard output either way.

        billing gate check ada@example.com sso                       # is it part of the plan?
        billing gate check ada@example.com ai_requests --consume 1   # ask and count in one step
        billing gate check ada@example.com projects --consume 1      # take one of a level
        billing gate release ada@example.com projects                # and give it back
        billing gate list ada@example.com --json                     # everything at once

      Count in the same step (--consume) and not in two: however many ask at once, no more are let
      through than the plan allows. A level that a crash may leave behind gives itself back:

        billing gate check ada@example.com projects --consume 1 --lease 15m

      What holds is the running subscription's plan, else default_plan. While a payment is due
      access stays for grace_period_days; unpaid, paused or incomplete is the default plan at once;
      what is cancelled stays to the end of what was paid for. Tokens pay for a metered limit that
      is used up, where tokens_cover in plans.yaml says so.

      An exception for one customer, with who gave it and why:
        billing entitlement set ada@example.com projects 25 --until 30d --note 'agreed with sales'
        billing entitlement list ada@example.com

      Tell customers before they meet the limit:
        billing usage alerts
        billing usage alerts --check         # exit 10 when somebody reached one
      """)
}
