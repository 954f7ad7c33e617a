extension HelpTopic {
  static let portal = HelpTopic(
    name: "portal", summary: "Letting customers help themselves",
    text: """
      Stripe's portal shows a customer plan, card and invoices. Configure it once, as the catalogue
      says, and again when that changes:

        billing portal configure --dry-run
        billing portal configure

      Each customer then gets an address of its own, which lives for some minutes: make it when it
      is asked for, and never mail it.

        billing portal ada@example.com
        billing portal ada@example.com --flow payment-method   # straight to a new card
        billing portal ada@example.com --flow cancel

      What customers do there comes back by webhooks and is the same to this tool as if you had done
      it. Plans that bill usage cannot be changed in the portal, which is a rule of Stripe's: use
      billing upgrade and downgrade for those. While selling is frozen, --flow update is refused.

      In the sandbox you play the customer:
        billing --sandbox sandbox portal act cus_a1b2 payment-method --card 4242424242424242
        billing --sandbox sandbox portal act cus_a1b2 cancel --feedback too_expensive
      """)
}
