import BillingCore
import Stripe

/// Whether those who are to be told of something can be.
extension Doctor {
  /// Nothing where there is no catalogue: that is a finding by itself.
  func channelFindings(_ context: Context) async -> [Finding] {
    guard let catalogue = try? context.catalogueIfAny() else { return [] }
    guard catalogue.notifications != nil else {
      return [.warning(.nobodyTold, "plans.yaml has no notifications")]
    }
    do {
      let channels = try context.channels()
      return [try await mailFinding(channels.mail), try await slackFinding(channels.slack)]
    } catch {
      return [.fault("notifications", error)]
    }
  }

  /// Reaches the server and logs in; no message is sent.
  private func mailFinding(_ mail: (any MailTransport)?) async throws -> Finding {
    guard let mail else { return .warning(.noMailServer, "SMTP_URL is not set, or not used here") }
    do throws(TransportError) {
      try await mail.probe()
      return .ok("smtp", "the mail server answers and lets us in")
    } catch {
      if error.kind == .canceled { throw CancellationError() }
      return .fault(.mailServerRefuses, error.detail)
    }
  }

  private func slackFinding(_ slack: SlackChannel?) async throws -> Finding {
    guard let slack else {
      return .ok("slack", "SLACK_WEBHOOK_URL is not set, or not used here: operators have mail")
    }
    guard let reason = try await slack.probe() else {
      return .ok("slack", "the channel can be written to")
    }
    return .fault(.slackRefuses, reason)
  }
}
