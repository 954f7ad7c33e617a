import BillingCore

extension HelpTopic {
  static let payments = HelpTopic(
    name: "payments",
    summary: "Failed payments: what each code means, and what to tell the customer",
    text: """
      A payment that fails leaves the invoice open and the subscription past_due; access stays for
      grace_period_days. Stripe tries again by itself as its dashboard says (billing, retries), but
      for some codes, marked * below, only with another card. What to do by hand:

        billing customer overview ada@example.com         # what is owed, which card, since when
        billing portal ada@example.com --flow payment-method
        billing payment-method attach ada@example.com pm_card_visa --default
        billing invoice retry ada@example.com             # pays what is open, now
        billing invoice pay in_1MtHbELkdIwHu7ixl4OzzPMv --out-of-band   # paid by transfer
        billing report --html report.html                 # everyone who owes, with the reason

      An error shows Stripe's code and, in brackets, the bank's. Of a suspicion the customer is told
      nothing: who holds a stolen card is not to learn that it is known.

      \(declines)
      """)

  /// The codes under the words for the customer.
  private static var declines: String {
    DeclineAdvice.allCases.map { advice in
      let codes = DeclineCode.all.filter { $0.advice == advice }.map { decline in
        (decline.code + (decline.isTriedAgain ? "" : " *"), decline.meaning)
      }
      let words = HelpText.wrapped("Tell the customer: \(advice.sentence)", to: 98)
      return words.joined(separator: "\n") + "\n" + HelpText.list(codes)
    }.joined(separator: "\n")
  }
}
