extension CatalogueMistakeTests {
  /// Texts that stand by themselves.
  static let whole = [
    Case(name: "empty", yaml: "", mistakes: "1:1: the file is empty"),
    Case(name: "only a comment", yaml: "# nothing\n", mistakes: "1:1: the file is empty"),
    Case(name: "null", yaml: "~", mistakes: "1:1: the file is empty"),
    Case(
      name: "a list", yaml: "- 1", mistakes: "1:1: the catalogue must be a mapping, not a list"),
    Case(
      name: "nothing in it", yaml: "{}",
      mistakes: """
        1:1: the catalogue has no `currency`
        1:1: the catalogue has no `default_plan`
        1:1: the catalogue has no `plans`
        1:1: the catalogue has no `version`
        """),
    Case(
      name: "a tab", yaml: "version: 1\nplans:\n\t- id: free\n",
      mistakes: "3:1: a tab cannot indent in YAML; use spaces"),
    Case(
      name: "a bracket that stays open", yaml: "version: 1\nplans: [1, 2\n",
      mistakes: "3:1: not valid YAML: did not find expected ',' or ']'"),
    Case(
      name: "a control character", yaml: "version: 1\nname: é\u{1}",
      mistakes: "2:8: not valid YAML: control characters are not allowed"),
    Case(
      name: "two documents", yaml: "version: 1\n---\nversion: 1\n",
      mistakes: "2:1: a second document begins here; there can be only one"),
    Case(
      name: "an alias without anchor", yaml: "version: *one\n",
      mistakes: "1:10: there is no anchor `&one` above"),
    Case(
      name: "no plans",
      yaml: "{ version: 1, currency: usd, default_plan: free, plans: [] }",
      mistakes: """
        1:44: there is no plan "free"
        1:57: `plans` is empty
        """),
    Case(
      name: "what stands twice",
      yaml: """
        version: 1
        currency: usd
        default_plan: a
        plans:
          - { id: a, name: A, rank: 0 }
          - { id: a, name: A, rank: 0 }
          - { id: b-c, name: A, rank: 1, prices: [{ interval: month, unit_amount: 1, id: price_1 }] }
          - { id: b_c, name: A, rank: 2, product: billing_b-c, prices: [{ interval: month, unit_amount: 1, id: price_1 }] }
          - { id: package, name: A, rank: 3, prices: [{ interval: month, unit_amount: 1 }] }
        packages: [{ id: month, name: A, tokens: 1, unit_amount: 1 }]
        """,
      mistakes: """
        6:11: the plan a stands twice
        6:29: the rank 0 stands twice
        8:11: the environment name B_C stands twice
        8:43: the product billing_b-c stands twice
        8:64: the price price_1 stands twice
        10:11: the lookup key billing_package_month stands twice
        """),
    Case(
      name: "an uppercase currency",
      yaml: "{ version: 1, currency: USD, default_plan: a, plans: [{ id: a, name: A, rank: 0 }] }",
      mistakes: "1:25: `currency` must be a currency that Stripe takes, such as usd, not \"USD\""),
  ]

  /// What is added to the smallest catalogue, from line 5 on.
  static let added = [
    Case(
      name: "a key twice", yaml: "currency: eur",
      mistakes: "5:1: `currency` stands here again; it is already on line 2"),
    Case(
      name: "an unknown key", yaml: "zzz: 1", mistakes: "5:1: unknown key `zzz` in the catalogue"),
    Case(
      name: "a tag", yaml: "namespace: !secret x",
      mistakes: "5:12: tags such as `!secret` are not understood here"),
    Case(
      name: "a merge of a text", yaml: "<<: x",
      mistakes: "5:1: `<<` takes a mapping, not \"x\""),
    Case(
      name: "namespace", yaml: "namespace: My Shop",
      mistakes: """
        5:12: `namespace` is 1 to 20 characters: a small letter, then small letters, digits, - and \
        _; "My Shop" is none
        """),
    Case(
      name: "a grace period in words", yaml: "grace_period_days: a week",
      mistakes: "5:20: `grace_period_days` must be a whole number, not \"a week\""),
    Case(
      name: "a number beyond 64 bits", yaml: "grace_period_days: 99999999999999999999",
      mistakes: "5:20: `grace_period_days` must be from 0 to 90, not 99999999999999999999"),
    Case(
      name: "alerts", yaml: "alerts: [80, 0, x]",
      mistakes: """
        5:14: an alert's percentage must be from 1 to 1000, not 0
        5:17: an alert's percentage must be a whole number, not "x"
        """),
    Case(
      name: "alerts, no list", yaml: "alerts: 80", mistakes: "5:9: `alerts` must be a list, not 80"),
    Case(
      name: "meters", yaml: "meters: { a: { name: 5, aggregation: max }, B: {}, c: {}, d: 1 }",
      mistakes: """
        5:22: `name` must be a text, not 5; put it in quotes
        5:38: `aggregation` must be one of sum, count, last, not "max"
        5:45: an id is 1 to 40 characters: a small letter, then small letters, digits, - and _; \
        "B" is none
        5:55: meter c has no `aggregation`
        5:55: meter c has no `name`
        5:62: meter d must be a mapping, not 1
        """),
    Case(
      name: "an event name twice",
      yaml: """
        meters:
          a: { name: A, aggregation: sum, event_name: x }
          b: { name: B, aggregation: sum, event_name: x }
        """, mistakes: "7:3: two meters have the event name \"x\""),
    Case(
      name: "meters, a list", yaml: "meters: [a]",
      mistakes: "5:9: `meters` must be a mapping, not a list"),
    Case(
      name: "coupons",
      yaml: """
        coupons:
          - { id: a b, percent_off: 10, duration: once }
          - { id: a, percent_off: 101, duration: once }
          - { id: b, duration: always }
          - { id: c, percent_off: 5, currency: usd, duration: repeating }
          - { id: d, amount_off: 5, duration: once, duration_in_months: 3 }
          - { id: d, percent_off: 5, amount_off: 5, redeem_by: soon }
          - { id: e, percent_off: -5, duration: once, promotion_codes: [A B, A, a, 1] }
        """,
      mistakes: """
        6:11: `id` is no id of Stripe's: "a b"
        7:27: `percent_off` must be above 0 and at most 100, with at most two decimals, not 101
        8:5: coupon b needs either `percent_off` or `amount_off`
        8:24: `duration` must be one of once, repeating, forever, not "always"
        9:5: coupon c has no `duration_in_months`
        9:40: `currency` goes with `amount_off`
        10:65: `duration_in_months` goes with `duration: repeating`
        11:5: coupon d has no `duration`
        11:5: coupon d needs either `percent_off` or `amount_off`
        11:11: two coupons have the id "d"
        12:27: `percent_off` must be a decimal such as 0.05, not negative, with at most 12 digits \
        on either side, not -5
        12:65: a promotion code has letters, digits and -, unlike "A B"
        12:73: the promotion code "a" stands twice
        12:76: a promotion code must be a text, not 1; put it in quotes
        """),
    Case(
      name: "a time of redemption",
      yaml: "coupons: [{ id: a, percent_off: 5, duration: once, redeem_by: soon }]",
      mistakes: "5:63: `redeem_by` must be a time such as 2027-01-31, not \"soon\""),
    Case(
      name: "packages",
      yaml: """
        packages:
          - { id: a, name: A, tokens: 0, unit_amount: -1 }
          - { id: a, name: A, tokens: 1, unit_amount: 1, expires: never }
          - { id: b, name: '', tokens: 1, unit_amount: 100000000, currency: xxx }
        """,
      mistakes: """
        6:31: `tokens` must be from 1 to 1000000000000, not 0
        6:47: `unit_amount` must be from 0 to 99999999, not -1
        7:11: two packages have the id "a"
        7:59: `expires` must be a length of time such as 12 months, not "never"
        8:20: `name` must have 1 to 200 characters, not 0
        8:48: `unit_amount` must be from 0 to 99999999, not 100000000
        8:69: `currency` must be a currency that Stripe takes, such as usd, not "xxx"
        """),
    Case(
      name: "tokens_cover as a list",
      yaml: "meters: { runs: { name: Runs, aggregation: sum } }\ntokens_cover: [runs, run, runs]",
      mistakes: """
        6:22: there is no meter "run"; did you mean "runs"?
        6:27: runs stands twice
        """),
    Case(
      name: "tokens_cover as a mapping",
      yaml: "meters: { runs: { name: Runs, aggregation: sum } }\ntokens_cover: { runs: 0, x: 1 }",
      mistakes: """
        6:23: the tokens for a unit must be from 1 to 1000000000, not 0
        6:26: there is no meter "x"
        """),
    Case(
      name: "urls",
      yaml: "urls: { upgrade: 'http://example.com', portal_return: x, checkout_sucess: y }",
      mistakes: """
        5:18: `upgrade` must be an https address, not "http://example.com"
        5:55: `portal_return` must be an https address, not "x"
        5:58: unknown key `checkout_sucess` in `urls`; did you mean `checkout_success`?
        """),
    Case(
      name: "notifications",
      yaml: """
        language: German
        business: { email: shop@example.com }
        notifications:
          operators: [ops, ops@example.com]
          channels: 1
          kinds:
            payment_fail: [customer]
            trial_ended: [slack, pager]
            drift: [customer]
        """,
      mistakes: """
        5:11: `language` must be like en, de or pt-BR, not "German"
        8:15: mail cannot be sent to "ops"
        9:3: unknown key `channels` in `notifications`
        11:5: unknown key `payment_fail` in `kinds`; did you mean `payment_failed`?
        12:26: `trial_ended` is told to customer, operators, slack, not "pager"
        13:13: `drift` is told to operators, slack, not "customer"
        """),
    Case(
      name: "notifications from nobody", yaml: "notifications: {}",
      mistakes: "5:16: `notifications` needs `email` in `business`, which mails are from"),
    Case(
      name: "notifications from a strange address",
      yaml: "business: { email: 'a,b@example.com' }\nnotifications: {}",
      mistakes: "6:16: mail cannot be sent from the `email` in `business`"),
    Case(
      name: "business", yaml: "business: { email: nobody, statement_descriptor: '1234' }",
      mistakes: #"""
        5:20: `email` is no address: "nobody"
        5:50: `statement_descriptor` is 5 to 22 characters with a letter and without < > \ ' " *
        """#),
    Case(
      name: "goals", yaml: "goals: { mmr: 1, arr: much }",
      mistakes: """
        5:10: unknown key `mmr` in `goals`; did you mean `mrr`?
        5:23: `arr` must be a decimal such as 0.05, not negative, with at most 12 digits on either \
        side, not "much"
        """),
    Case(
      name: "refunds", yaml: "refunds: { window_days: -1, max_amount: 1.5 }",
      mistakes: """
        5:25: `window_days` must be from 0 to 3650, not -1
        5:41: `max_amount` must be a whole number of minor units (cents), not 1.5
        """),
    Case(
      name: "Stripe's key prefix", yaml: "key_prefix: sk",
      mistakes: "5:13: `key_prefix` must not be Stripe's own \"sk\""),
    Case(
      name: "a key prefix with a line", yaml: "key_prefix: cdt_live",
      mistakes: """
        5:13: `key_prefix` is 2 to 16 small letters and digits, a letter first, without _; \
        "cdt_live" is none
        """),
    Case(
      name: "external ids", yaml: "external_id_metadata: ['a[b]', 1]",
      mistakes: """
        5:24: a metadata key cannot have brackets
        5:32: a metadata key must be a text, not 1; put it in quotes
        """),
    Case(
      name: "no external ids", yaml: "external_id_metadata: []",
      mistakes: "5:23: `external_id_metadata` is empty"),
    Case(
      name: "names", yaml: "names: { sso: SSO }",
      mistakes: "5:10: there is no limit or feature \"sso\""),
  ]

  /// What is added to plan pro, from line 10, column 5 on.
  static let plans = [
    Case(
      name: "an unknown key", yaml: "trail_days: 7",
      mistakes: "10:5: unknown key `trail_days` in plan pro; did you mean `trial_days`?"),
    Case(
      name: "a trial without prices", yaml: "trial_days: 7",
      mistakes: "10:17: a plan without prices cannot have a trial"),
    Case(
      name: "yes", yaml: "available: yes",
      mistakes: "10:16: `available` must be true or false, not \"yes\""),
    Case(
      name: "amounts",
      yaml: """
        prices:
          - { interval: month, unit_amount: -1 }
          - { interval: year, unit_amount: "19" }
          - { interval: week, unit_amount: 19.00 }
          - { interval: day }
        """,
      mistakes: """
        11:41: `unit_amount` must be from 0 to 99999999, not -1
        12:40: `unit_amount` must be a whole number of minor units (cents), not "19"
        13:40: `unit_amount` must be a whole number of minor units (cents), not 19.00
        14:9: a price of plan pro has no `unit_amount`
        """),
    Case(
      name: "intervals",
      yaml: """
        prices:
          - { unit_amount: 1 }
          - { interval: year, interval_count: 4, unit_amount: 1 }
          - { interval: month, interval_count: 0, unit_amount: 1 }
          - { interval: month, interval_count: 3, unit_amount: 1 }
          - { interval: quarter, unit_amount: 1 }
        """,
      mistakes: """
        11:9: a price of plan pro has no `interval`
        12:43: an interval is at most three years
        13:44: `interval_count` must be from 1 to 1095, not 0
        15:9: plan pro has two prices for quarter
        """),
    Case(
      name: "ids of Stripe",
      yaml: "product: a/b\nprices: [{ interval: month, unit_amount: 1, id: prod_1 }]",
      mistakes: """
        10:14: `product` is no id of Stripe's: "a/b"
        11:53: a price's `id` is price_ and letters and digits, not "prod_1"
        """),
    Case(
      name: "overage",
      yaml: """
        prices: [{ interval: month, unit_amount: 1 }]
        overage:
          - { meter: run, included: 1, unit_amount_decimal: "0.0000000000001" }
          - { meter: runs, included: -1, unit_amount_decimal: 1 }
          - { meter: runs, unit_amount_decimal: 1 }
          - { included: 1 }
        """,
      mistakes: """
        12:18: there is no meter "run"; did you mean "runs"?
        12:57: `unit_amount_decimal` must be a decimal such as 0.05, not negative, with at most 12 \
        digits on either side, not "0.0000000000001"
        13:34: `included` must be from 0 to 1000000000000, not -1
        14:9: plan pro has two overages of runs
        15:9: an overage of plan pro has no `meter`
        15:9: an overage of plan pro has no `unit_amount_decimal`
        """),
    Case(
      name: "overage without prices", yaml: "overage: [{ meter: runs, unit_amount_decimal: 1 }]",
      mistakes: "10:15: plan pro has no prices, so it cannot charge for overage"),
    Case(
      name: "limits",
      yaml: """
        limits:
          projects: { max: 1, per: day }
          users: many
          seats: { per: day }
          runs: { max: 1.5, per: hour }
          disks: -1
        """,
      mistakes: """
        11:32: limit projects is not named like a meter, so it is a level and takes no `per`
        12:14: limit users must be a whole number or unlimited, not "many"
        13:14: limit seats has no `max`
        13:21: limit seats is not named like a meter, so it is a level and takes no `per`
        14:20: `max` must be a whole number or unlimited, not 1.5
        14:30: `per` must be one of day, month, period, lifetime, not "hour"
        15:14: limit disks must be from 0 to 1000000000000000, not -1
        """),
    Case(
      name: "features",
      yaml: "features: { a: 1, b: [x, 2], c: {}, d: ~, runs: true }\nlimits: { runs: 1 }",
      mistakes: """
        10:15: runs is both a limit and a feature
        10:20: feature a must be true, false, a text or a list of texts, not 1
        10:30: an element of feature b must be a text, not 2; put it in quotes
        10:37: feature c must be true, false, a text or a list of texts, not a mapping
        10:44: feature d must be true, false, a text or a list of texts, not nothing
        """),
    Case(
      name: "api", yaml: "api: { rate_limit_per_minute: fast }",
      mistakes: """
        10:10: `api` of plan pro has no `monthly_quota`
        10:35: `rate_limit_per_minute` must be a whole number or unlimited, not "fast"
        """),
  ]
}
