extension HelpTopic {
  static let runbook = HelpTopic(
    name: "runbook", summary: "What to do when something is wrong",
    text: """
      First look, and read what each finding means:
        billing doctor
        billing help troubleshooting

      A command ended with exit 11, or was killed: it is not known whether Stripe did it. Do not do
      it anew in the dashboard. The same command again settles it first, and so does:
        billing recover

      A customer paid and has no access: see what came in, then read it from Stripe.
        billing customer timeline ada@example.com
        billing subscription show ada@example.com
        billing webhook list --customer ada@example.com --since 1d

      Webhooks stopped: look whether the endpoint is enabled at Stripe and the listener answers,
      start it again, and pull what was missed.
        billing webhook endpoints list
        billing webhook replay --from-stripe --since 3d
        billing sync --check

      A wrong price is on sale: stop selling (everything else goes on), mend, sell again.
        billing freeze all --reason 'Wrong prices on the page' --expire-pages
        billing plans validate
        billing plans seed
        billing unfreeze all --reason 'Prices are right again'

      A secret leaked: make a new key in Stripe's dashboard, put it in place, and end the old one
      there. An API key of a customer:
        billing apikey rotate key_AbCdEfGhIjKlMnOp --overlap 0s
        billing apikey revoke key_AbCdEfGhIjKlMnOp --yes

      The database is lost or damaged: Stripe has the rest, but not usage, tokens, API keys and the
      journal. Those come from the last backup; then the mirror is brought up to date.
        billing db check
        billing db restore /backups/billing.db --yes
        billing sync --full

      Many customers have to be changed: write them into a file, look at the dry run, then do it.
      Run it again after any interruption.
        billing apply changes.csv --dry-run
        billing apply changes.csv
      """)
}
