extension HelpTopic {
  static let webhooks = HelpTopic(
    name: "webhooks", summary: "Receiving what Stripe tells, and mending what got lost",
    text: """
      Renewals, failed payments and what customers do in the portal are known by webhooks alone.
      Give Stripe an address, keep the secret, and listen behind a proxy that ends TLS:

        billing webhook endpoints create https://billing.example.com/webhooks/stripe --save
        billing webhook listen --port 4242

      Each delivery is kept before it is answered and applied once, in whatever order it comes.
      GET /healthz is for your load balancer, GET /metrics for Prometheus. While you develop, let
      Stripe's own tool bring them (it prints the secret to put into STRIPE_WEBHOOK_SECRET):

        stripe listen --forward-to http://127.0.0.1:4242/webhooks/stripe

      To change the secret, have both stand in STRIPE_WEBHOOK_SECRET, comma-separated, and take the
      old one out once Stripe has stopped using it.

      When something went wrong:
        billing webhook list --status failed            # and why
        billing webhook show evt_1MtHbELkdIwHu7ixl4OzzPMv
        billing webhook retry                           # runs what failed again
        billing webhook replay --from-stripe --since 3d # what was never delivered
        billing sync                                    # the same, from where the last sync ended
        billing sync --check                            # exit 10 where the mirror differs

      To try your own endpoint without Stripe:
        billing webhook trigger invoice.payment_failed --dry-run --json
        billing webhook verify body.json --signature t=1795168800,v1=5257a869
      """)
}
