extension HelpTopic {
  static let refunds = HelpTopic(
    name: "refunds", summary: "Giving money back, and what it does to the subscription",
    text: """
      A refund goes back to the card that paid; Stripe keeps its fee, and banks take days to show
      it. It ends nothing by itself: say whether the customer stays.

        billing invoice list ada@example.com
        billing refund in_1MtHbELkdIwHu7ixl4OzzPMv --dry-run
        billing refund in_1MtHbELkdIwHu7ixl4OzzPMv --yes                 # all that is left
        billing refund in_1MtHbELkdIwHu7ixl4OzzPMv --amount 500 --yes    # $5.00 of it
        billing refund in_1MtHbELkdIwHu7ixl4OzzPMv --cancel --yes        # and end it at once

      Each run with --amount gives back that much more; a script gives its runs a key, so that one
      that is repeated is the same refund:

        billing refund in_1MtHbELkdIwHu7ixl4OzzPMv --amount 500 --idempotency-key case-812 --yes

      Instead of money, the unused rest of a period can become credit for later bills:
        billing cancel ada@example.com --now --invoice-now --credit-unused --yes

      refunds: in plans.yaml bounds what support may give back (window_days after the payment, and
      an amount); --override goes beyond it, and the journal keeps who did. A bill that was not paid
      is not refunded but voided:

        billing invoice void in_1MtHbELkdIwHu7ixl4OzzPMv --yes

      A purchase of tokens is refunded by its payment, or by the number of its entry; what is left of
      the tokens is taken back:

        billing tokens history ada@example.com
        billing refund pi_3MtwBwLkdIwHu7ix28a3tqPa --yes
      """)
}
