package import Stripe

/// Who is told of what, and in whose words: `notifications` of plans.yaml.
package struct NotificationRules: Sendable, Hashable {
  /// A way on which something is told.
  package enum Route: String, Sendable, Hashable, CaseIterable {
    /// By mail, to the customer's address.
    case customer
    /// By mail, to each of the operators.
    case operators
    /// In the operators' channel of Slack.
    case slack
  }

  /// Who mails are from.
  package let sender: MailMessage.Sender
  package let operators: [MailAddress]
  /// The folder of templates as the file names it; nil for those that are built in.
  package let templates: String?
  /// Of the kinds for which the file says it.
  let routes: [Notification.Kind: [Route]]

  /// The ways on which a kind is told. Without a word of the file: to the customer; what is for
  /// operators to them, and in Slack where that is set up.
  func routes(of kind: Notification.Kind, hasSlack: Bool) -> [Route] {
    if let routes = routes[kind] { return routes }
    guard kind.isForOperators else { return [.customer] }
    return (operators.isEmpty ? [] : [.operators]) + (hasSlack ? [.slack] : [])
  }
}
