extension HelpTopic {
  /// Sources, read in November 2026: docs.stripe.com/payouts, support.stripe.com
  /// (bank-account-ownership-verification, rejected-payouts), the field debit_negative_balances of
  /// Stripe's API, Payoneer's FAQ of its Global Payment Service (community.payoneer.com) and its
  /// do's and don'ts (blog.payoneer.com).
  static let payouts = HelpTopic(
    name: "payouts", summary: "Getting the money: a US receiving account at Payoneer",
    text: """
      Stripe pays your balance out to a bank account; this tool neither sets that up nor touches it.
      It tells whether Stripe says that charges and payouts are enabled:
        billing doctor --go-live

      What a receiving account at Payoneer is: bank details in the United States (routing and account
      number) under which companies can pay you in US dollars by ACH. It is no bank account. Payoneer
      says that it only receives: nothing can be debited from it, and attempts are declined. It is
      for payments of companies for business, not of individuals, and Payoneer asks for documents.

      What to enter at Stripe (Dashboard, Settings, payouts): the routing and account number as
      Payoneer shows them for US dollars, as a checking account. Its currency has to be that in
      which Stripe pays you out. A first payout takes 7 to 14 days after the first live payment,
      depending on country, industry and risk.

      What to check before you rely on it:
      - Ask Stripe's support whether they pay out to this account, from a Stripe account of your
        country and kind: we know of no page on which Stripe promises it, and rules change.
      - The names: Stripe may ask for proof that the account is yours, in the legal or trading name
        of the Stripe account (a statement or a bank's letter, in the US of the last year). Ask
        Payoneer for a document with your name and the account's number. A bank may send back a
        payout that is made out to another name.
      - Refunds and disputes: when your balance at Stripe falls below zero, Stripe tries to take the
        rest from the bank account, and from one that only receives it cannot. Keep a reserve: pay
        out by hand or rarely, and do not refund more than the balance holds.
      - Fees and limits of both, and what Payoneer takes for bringing the money home.
      - Pay out a small sum first, and sell at large when it has arrived.

      A payout that failed: Stripe stops paying out until the bank details are mended in the
      dashboard. Customers notice nothing; subscriptions go on.
      """)
}
