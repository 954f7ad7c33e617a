/// The catalogue that `billing init` writes: the plans.yaml of the repository, letter for letter.
/// `RECORD=1 make test` makes this text anew after the file was changed.
enum PlansTemplate {
  static let text = #"""
    # The plans of CODITECT. What is marked "chosen" stands in no price list: change it as you see fit.
    # Amounts are whole numbers of cents. After an edit: billing plans validate, diff, seed.
    version: 1
    namespace: billing
    currency: usd
    default_plan: free
    grace_period_days: 7          # chosen
    alerts: [80, 100]
    key_prefix: cdt

    # Mails are from here: see billing notify flush --help. The addresses are chosen.
    business: { name: CODITECT, email: billing@coditect.example }
    notifications: { operators: [ops@coditect.example] }

    meters:
      ai_requests: { name: AI requests, aggregation: sum }
      storage_mb: { name: Storage (MB), aggregation: last }

    names: { projects: Projects, team_members: Team members, ai_analysis: AI analysis, sso: Single sign-on }

    plans:
      - id: free
        name: Free
        rank: 0
        limits:
          ai_requests: { max: 3, per: day }
          storage_mb: 100         # chosen
          projects: 1             # chosen
          team_members: 1         # chosen
        features: { ai_analysis: true, support: Community, sso: false }             # chosen
        api: { rate_limit_per_minute: 10, monthly_quota: 100 }                      # chosen

      - id: starter
        name: CODITECT Starter
        description: For one developer
        rank: 1
        product: prod_starter
        prices:
          - { interval: month, unit_amount: 1900 }
          - { interval: year, unit_amount: 19000 }
        overage:
          # One cent a request and five cents a megabyte; what is included is chosen.
          - { meter: ai_requests, included: 1000, unit_amount_decimal: "1" }
          - { meter: storage_mb, included: 1000, unit_amount_decimal: "5" }
        limits:
          ai_requests: unlimited
          storage_mb: unlimited
          projects: 10            # chosen
          team_members: 3         # chosen
        features: { ai_analysis: true, support: Email, sso: false }                 # chosen
        api: { rate_limit_per_minute: 100, monthly_quota: 10000 }                   # chosen

      - id: professional
        name: CODITECT Professional
        description: For teams
        rank: 2
        prices:
          - { interval: month, unit_amount: 4900 }
          - { interval: year, unit_amount: 49000 }
        overage:
          - { meter: ai_requests, included: 5000, unit_amount_decimal: "1" }
          - { meter: storage_mb, included: 10000, unit_amount_decimal: "5" }
        limits:
          ai_requests: unlimited
          storage_mb: unlimited
          projects: 50            # chosen
          team_members: 20        # chosen
        features: { ai_analysis: true, support: Priority, sso: false }              # chosen
        api: { rate_limit_per_minute: 500, monthly_quota: 100000 }                  # chosen

      # On request: without a price it cannot be bought, only agreed on.
      - id: enterprise
        name: CODITECT Enterprise
        description: For companies, on request
        rank: 3
        limits:
          ai_requests: unlimited
          storage_mb: unlimited
          projects: unlimited
          team_members: unlimited
        features: { ai_analysis: true, support: Dedicated, sso: true }              # chosen
        api: { rate_limit_per_minute: unlimited, monthly_quota: unlimited }         # chosen

    coupons:
      # The whole coupon is chosen.
      - { id: launch, name: Launch, percent_off: 20, duration: repeating, duration_in_months: 3, promotion_codes: [LAUNCH20] }

    packages:
      - { id: starter, name: Starter, tokens: 100000, unit_amount: 500 }
      - { id: booster, name: Booster, tokens: 500000, unit_amount: 2000 }
      - { id: power, name: Power, tokens: 1000000, unit_amount: 3500 }

    tokens_cover: { ai_requests: 1500 }     # chosen: tokens that one request takes

    refunds: { window_days: 14 }            # chosen

    goals: { mrr: 1000000, customer_churn_rate: "0.05", payment_success_rate: "0.95" }   # chosen
    """# + "\n"
}
