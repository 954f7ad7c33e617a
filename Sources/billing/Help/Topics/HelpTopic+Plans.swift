extension HelpTopic {
  static let plans = HelpTopic(
    name: "plans", summary: "From plans.yaml to Stripe: what a catalogue says, and how it changes",
    text: """
      plans.yaml says what you sell: plans with prices, limits and features, what use beyond a plan
      costs, coupons, packages of tokens. It is yours: keep it under version control. Limits and
      features hold as soon as the file is saved; prices hold for new subscriptions.

        billing init                            # writes one to change as you see fit
        billing plans validate                  # every mistake at once, with line and column
        billing plans diff                      # what Stripe would get
        billing plans seed                      # twice changes nothing the second time
        billing plans diff --check              # in CI: exit 10 when Stripe differs
        billing plans page --html pricing.html  # the same as a page for customers

      A new amount becomes a new price at Stripe that takes the old one's lookup key over; who has
      the old price keeps it, and the plan. To move somebody:

        billing upgrade ada@example.com professional --preview
        billing upgrade ada@example.com professional

      A plan that left the file but has customers closes their gates with exit 8: keep it there,
      with available: false, until nobody has it. A plan without prices is sold for an amount that
      was agreed on:

        billing subscribe ada@example.com enterprise --amount 250000 --interval year

      Amounts are whole numbers of the currency's minor unit. Two catalogues may share an account
      of Stripe's when they have different namespaces.
      """)
}
