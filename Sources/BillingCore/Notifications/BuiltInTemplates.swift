/// The words of messages where no folder has others, in English.
enum BuiltInTemplates {
  static func text(of kind: Notification.Kind) -> String {
    let (subject, lines) = kind.isForOperators ? operators(kind) : customer(kind)
    guard !kind.isForOperators else { return "Subject: \(subject)\n\n\(lines)\n" }
    return """
      Subject: \(subject)

      Hello {{customer_name}},

      \(lines)

      {{business_name}}
      {{business_url}}

      """
  }

  private static func customer(_ kind: Notification.Kind) -> (String, String) {
    switch kind {
    case .paymentFailed, .paymentRecovered: payment(kind)
    case .trialEnding, .trialEnded: trial(kind)
    case .subscriptionStarted, .subscriptionChanged, .subscriptionCanceled: subscription(kind)
    default: other(kind)
    }
  }

  private static func payment(_ kind: Notification.Kind) -> (String, String) {
    guard kind == .paymentFailed else {
      return (
        "We have received your payment of {{amount}}",
        """
        your payment of {{amount}} for bill {{invoice_number}} has come through. Thank you: nothing \
        is left to do.
        """
      )
    }
    return (
      "Your payment of {{amount}} has failed",
      """
      we could not collect {{amount}} for bill {{invoice_number}}.
      {{reason}}

      We shall try again on {{next_attempt_date}}.
      You can pay, or use another card, here: {{pay_url}}
      """
    )
  }

  private static func trial(_ kind: Notification.Kind) -> (String, String) {
    guard kind == .trialEnding else {
      return (
        "Your trial has ended",
        """
        your trial of {{plan}} has ended.
        From now on it costs {{price}}.
        The next bill comes on {{next_bill_date}}.
        """
      )
    }
    return (
      "Your trial ends on {{trial_end_date}}",
      """
      your trial of {{plan}} ends on {{trial_end_date}}.
      From then on it costs {{price}}.

      If you want to stay, there is nothing to do. If not, please cancel before that day.
      {{billing_url}}
      """
    )
  }

  private static func subscription(_ kind: Notification.Kind) -> (String, String) {
    switch kind {
    case .subscriptionStarted:
      (
        "Welcome to {{plan}}",
        """
        you are on {{plan}} now.
        It costs {{price}}.
        You can try it for nothing until {{trial_end_date}}.
        The next bill comes on {{next_bill_date}}.
        """
      )
    case .subscriptionChanged:
      (
        "Your subscription has changed",
        """
        you are on {{plan}} now.
        Before, it was {{previous_plan}}.
        On {{change_date}} you will change to {{next_plan}}.
        It costs {{price}}.
        The next bill comes on {{next_bill_date}}.
        """
      )
    default:
      (
        "Your subscription to {{plan}} is canceled",
        """
        your subscription to {{plan}} is canceled.
        You can use it until {{end_date}}; nothing more will be collected for it.
        It ended on {{ended_date}}.

        If that was not your intention, please tell us.
        """
      )
    }
  }

  private static func other(_ kind: Notification.Kind) -> (String, String) {
    switch kind {
    case .usageThreshold:
      (
        "{{meter}}: {{percent}} % are used",
        """
        you have used {{used}} of {{limit}} ({{meter}}), which is {{percent}} %.
        A larger plan has more: {{upgrade_url}}
        """
      )
    case .usageOverage:
      (
        "{{meter}}: more is used than your plan includes",
        """
        you have used {{used}} ({{meter}}), and your plan includes {{limit}}.
        What is beyond that costs {{amount}} so far, and comes with the next bill.
        A larger plan has more: {{upgrade_url}}
        """
      )
    case .tokensPurchased:
      (
        "{{tokens}} tokens for you",
        """
        thank you: {{tokens}} tokens are yours, and your balance is {{balance}}.
        We have received {{amount}} for them.
        They can be used until {{expiry_date}}.
        """
      )
    default:
      (
        "Your card ends soon",
        """
        your card {{card}} is valid until {{card_end}}, and the next bill comes on {{bill_date}}.
        Please enter a new one in time, so that nothing stops.
        {{billing_url}}
        """
      )
    }
  }

  private static func operators(_ kind: Notification.Kind) -> (String, String) {
    switch kind {
    case .deadLetters:
      (
        "Given up: {{what}}",
        """
        Not tried any more: {{count}} {{what}}. The last one: {{example}}
        {{error}}

        To look: {{command}}
        """
      )
    case .drift:
      (
        "The mirror differs from Stripe",
        """
        Differences between this database and Stripe: {{count}}, {{example}} among them.

        To mend: {{command}}
        """
      )
    case .ledgerDifference:
      (
        "The tokens do not add up",
        """
        What an audit of the tokens found: {{count}}, {{example}} among it.

        To look: {{command}}
        """
      )
    default:
      (
        "doctor found faults: {{what}}",
        """
        {{example}}
        {{advice}}

        To look: {{command}}
        """
      )
    }
  }
}
