extension HelpTopic {
  static let goLive = HelpTopic(
    name: "go-live", summary: "From the sandbox to real money, step by step",
    text: """
      1. In the sandbox, without an account:
        billing --sandbox plans seed
        billing --sandbox subscribe ada@example.com starter --create --payment-method pm_card_visa
        billing --sandbox sandbox advance "1 month 1h"

      2. With a test key of your own (STRIPE_SECRET_KEY=sk_test_… in .env, mode 0600), in a database
         of its own:
        billing doctor
        billing plans seed
        billing portal configure
        billing checkout ada@example.com starter

      3. With the live key. It changes nothing without --live, and each write asks for a yes:
        billing --db live.db doctor --go-live
        billing --db live.db --live plans seed --dry-run
        billing --db live.db --live plans seed
        billing --db live.db --live portal configure
        billing --db live.db --live webhook endpoints create https://billing.example.com/webhooks/stripe --save

      4. Let the listener run as a service that is started again (systemd: Restart=always), and from
         cron what nothing else starts:
        billing --db live.db --live --yes usage report --ending-within 2h   # every hour
        billing --db live.db --live --yes recover                           # every hour
        billing --db live.db sync                                           # every night
        billing --db live.db db backup /backups/billing-2026-11-21.db       # every night

      5. Buy the cheapest plan with a card of your own, and give it back:
        billing --db live.db --live refund in_1MtHbELkdIwHu7ixl4OzzPMv --cancel

      A restricted key (rk_live_…) that may do only what you use is safer than a secret key. Test
      and live data never share a database: a key of the other mode is refused with exit 8.
      """)
}
