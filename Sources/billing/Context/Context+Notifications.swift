import Basics
import BillingCore
import Stripe

extension Context {
  /// What is set up to send notifications with.
  ///
  /// In the sandbox nothing leaves this machine: there only servers on it are used, such as one that
  /// catches mails for developers.
  func channels() throws -> Outbox.Channels {
    var channels = Outbox.Channels()
    if let server = try mailServer() {
      if !settings.isSandbox || server.isLoopback {
        channels.mail = world.makeMailTransport(server)
      } else {
        noteSandbox("SMTP_URL")
      }
    }
    if let slack = try slackChannel() {
      if !settings.isSandbox || slack.isLoopback {
        channels.slack = slack
      } else {
        noteSandbox("SLACK_WEBHOOK_URL")
      }
    }
    return channels
  }

  private func noteSandbox(_ name: String) {
    note("\(name) is left alone: in the sandbox nothing is sent to other machines")
  }

  /// The server of `SMTP_URL`; nil where it is not set.
  func mailServer() throws -> SMTPServer? {
    guard let address = try secret("SMTP_URL") else { return nil }
    do throws(SMTPServer.Mistake) {
      let server = try SMTPServer(address.reveal())
      if let password = server.password { scrubber.add(password) }
      return server
    } catch {
      throw CommandError.configuration("invalid_env", "SMTP_URL: \(error.rawValue)")
    }
  }

  private func slackChannel() throws -> SlackChannel? {
    guard let address = try secret("SLACK_WEBHOOK_URL") else { return nil }
    // Whoever knows the path can write in the channel.
    if let path = address.reveal().split(separator: "/", maxSplits: 2).last {
      scrubber.add(Secret(String(path)))
    }
    do throws(SlackChannel.Mistake) {
      return try SlackChannel(
        address, transport: transport(), timeoutSeconds: min(settings.timeoutSeconds, 30))
    } catch {
      throw CommandError.configuration("invalid_env", "SLACK_WEBHOOK_URL: \(error.rawValue)")
    }
  }

  /// Its requests are in no log, since their path is the secret.
  private func transport() -> any Transport {
    (try? world.makeTransport()) ?? CurlTransport()
  }

  /// Sends what the outbox holds. Throws where plans.yaml tells nobody of anything.
  func outbox(_ catalogue: Catalogue, _ channels: Outbox.Channels) throws -> Outbox {
    guard let rules = catalogue.notifications else {
      throw CommandError.configuration(
        "missing_channel", "plans.yaml has no notifications, so nobody is told of anything",
        hint: "add notifications: {} and business: { email: … }; see billing notify flush --help")
    }
    let store = try store()
    let composer = MessageComposer(
      catalogue, try messageTemplates(catalogue), mode: try store.mode())
    return Outbox(store, rules, composer, channels)
  }

  /// The words of messages: those that are built in, and those of the folder that plans.yaml names.
  func messageTemplates(_ catalogue: Catalogue) throws -> MessageTemplates {
    guard let folder = catalogue.notifications?.templates else { return MessageTemplates() }
    let plans = settings.plansPath
    let place = plans.lastIndex(of: "/").map { String(plans[..<$0]) } ?? "."
    let path = folder.hasPrefix("/") ? folder : "\(place)/\(folder)"
    return try MessageTemplates(
      folder: path, shownAs: shown(path), language: catalogue.language)
  }
}

/// What the operators are told of, at most once an hour for each cause.
extension Context {
  func alertOperators(of drift: MirrorComparison.Result) {
    guard let first = drift.differences.first else { return }
    let field = first.path.isEmpty ? "" : " \(first.path)"
    alertOperators(
      .drift, topic: "drift",
      [
        "count": JSON(drift.differences.count), "example": .string("\(first.id)\(field)"),
        "command": "billing sync --check",
      ])
  }

  func alertOperators(of audit: TokenAudit) {
    guard let first = audit.differences.first else { return }
    alertOperators(
      .ledgerDifference, topic: "ledger",
      [
        "count": JSON(audit.differences.count),
        "example": .string(
          "\(first.customerID): \(first.check.rawValue) is \(first.found), not \(first.expected)"),
        "command": "billing tokens audit",
      ])
  }

  func alertOperators(of findings: [Finding]) {
    let faults = findings.filter { $0.status == .fault }
    guard let first = faults.first else { return }
    let checks = faults.map { $0.check }.joined(separator: ", ")
    alertOperators(
      .doctorFault, topic: "doctor: \(checks)",
      [
        "what": .string(checks), "count": JSON(faults.count),
        "example": .string("\(first.check): \(first.message)"), "advice": JSON(first.hint),
        "command": "billing doctor",
      ])
  }

  /// Where nobody is to be told, and where nothing can be written down, it does nothing: what was
  /// found is on the screen of whoever looked.
  private func alertOperators(
    _ kind: BillingCore.Notification.Kind, topic: String, _ payload: JSONObject
  ) {
    guard !settings.isDryRun, Files.exists(settings.databasePath),
      (try? catalogue())?.notifications != nil, let store = try? store(), !store.isReadOnly
    else { return }
    do {
      try store.write { _ = try $0.alert(kind, topic: topic, payload: payload) }
    } catch {
      warn("the operators are not told: \(CommandError(explaining: error).message)")
    }
  }
}
