/// The `.env.example` that `billing init` writes: every variable, what it is for, nothing set.
enum EnvironmentTemplate {
  static let text = """
    # Copy this file to .env, fill in what you need, and keep it to yourself: chmod 600 .env
    # Variables of the environment win over it. Each secret may also be NAME_FILE=/path/of/a/file.

    # The key: sk_test_… to try, rk_live_… (restricted) for real; live writes need --live as well.
    STRIPE_SECRET_KEY=
    # For pages that you serve; this tool never sends it.
    STRIPE_PUBLISHABLE_KEY=
    # What signs webhooks: whsec_…; several, comma-separated, while one replaces another.
    STRIPE_WEBHOOK_SECRET=

    # 1 uses the built-in Stripe: no key, no network.
    #BILLING_SANDBOX=1
    #BILLING_DB=billing.db
    #BILLING_PLANS=plans.yaml
    # Who does it, for the journal; else user@host.
    #BILLING_ACTOR=

    # Where checkout and portal return to.
    #FRONTEND_URL=https://app.example.com
    # Where notifications go: smtps://user:password@host, smtp://…:587; Slack's incoming webhook.
    #SMTP_URL=
    #SLACK_WEBHOOK_URL=

    # A price that was made elsewhere: STRIPE_PRICE_<PLAN>_MONTHLY, _QUARTERLY or _YEARLY.
    #STRIPE_PRICE_STARTER_MONTHLY=price_…

    """
}
