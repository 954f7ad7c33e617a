extension HelpTopic {
  static let checkout = HelpTopic(
    name: "checkout", summary: "Selling on a page of Stripe's",
    text: """
      A page on which the customer enters the card: no card number comes near you. Say in plans.yaml
      where customers come back to (urls: checkout_success, checkout_cancel), or set FRONTEND_URL.

        billing customer create --email ada@example.com --if-not-exists
        billing checkout ada@example.com starter
        billing checkout ada@example.com starter --interval year --promotion-code LAUNCH20
        billing checkout ada@example.com --tokens booster

      The address comes alone with --json, as url. That a customer came back is no proof of a
      payment: what counts is that the subscription is there. Webhooks bring it within seconds;
      --wait asks Stripe itself.

        billing checkout ada@example.com starter --wait --json
        billing gate check ada@example.com ai_analysis

      Run again for the same thing it returns the page that is open, and a page for another plan
      closes it, so that nobody buys two. With a running subscription it is refused: billing upgrade
      changes that. In the sandbox you play the customer, with the id that checkout printed:

        billing --sandbox sandbox checkout complete cs_test_a1b2
        billing --sandbox sandbox checkout complete cs_test_a1b2 --card 4000000000000002
      """)
}
