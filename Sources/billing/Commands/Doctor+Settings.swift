import Basics
import BillingCore
import Stripe

/// What `doctor` finds on this machine: key, version, secrets, files, disk.
extension Doctor {
  func keyFinding(_ context: Context) -> Finding {
    if context.settings.isSandbox { return .ok("key", "the sandbox needs none") }
    do {
      let key = try context.key()
      let kind = key.isRestricted ? "restricted key" : "secret key"
      return .ok("key", "\(kind) \(key.secret.redacted)")
    } catch {
      return .fault("key", error)
    }
  }

  func modeFinding(_ context: Context) throws -> Finding {
    switch try context.mode() {
    case .sandbox: .ok("mode", "sandbox: no Stripe, no real money")
    case .test: .ok("mode", "test: no real money")
    case .live where context.settings.allowsLive: .ok("mode", "live, and --live lets it write")
    case .live: .ok("mode", "live: real money; writes need --live")
    }
  }

  func versionFinding(_ context: Context) -> Finding {
    let version = context.settings.apiVersion
    guard version != Settings.builtForVersion else { return .ok("api_version", version) }
    return .warning(.otherVersion, "\(version) is not the one this program is built for")
  }

  // MARK: The webhook secret

  func webhookSecretFinding(_ context: Context) -> Finding {
    do {
      let secrets = try context.webhookSecrets()
      guard !secrets.isEmpty else {
        guard !context.settings.isSandbox else {
          return .ok("webhook_secret", "the sandbox keeps one of its own")
        }
        return .warning(.noWebhookSecret, "not set: webhooks cannot be verified")
      }
      guard secrets.allSatisfy({ Self.looksLikeASecret($0) }) else {
        return .warning(.strangeWebhookSecret, "does not look like a signing secret")
      }
      guard Set(secrets.map { $0.reveal() }).count == secrets.count else {
        return .warning(.repeatedWebhookSecret, "\(secrets.count) are set, and two are the same")
      }
      for secret in secrets { try Self.probe(secret, at: context.world.now()) }
      return .ok(
        "webhook_secret",
        secrets.count == 1
          ? "set, and it verifies a probe" : "\(secrets.count) are set, and each verifies a probe")
    } catch {
      return .fault("webhook_secret", error)
    }
  }

  private static func looksLikeASecret(_ secret: Secret) -> Bool {
    secret.reveal().wholeMatch(of: /whsec_[A-Za-z0-9+\/=_-]+/) != nil
  }

  /// Signs something as Stripe would, and verifies it as the listener would.
  private static func probe(_ secret: Secret, at now: Timestamp) throws {
    let payload = Array(#"{"object":"event","type":"probe"}"#.utf8)
    try WebhookSignature.verify(
      payload: payload, header: WebhookSignature.sign(payload: payload, secret: secret, at: now),
      secrets: [secret], toleranceSeconds: WebhookSignature.defaultToleranceSeconds, now: now)
  }

  // MARK: Files and disk

  func filesFinding(_ context: Context) -> Finding {
    let files = Self.privateFiles(context)
    let names = { (files: [String]) in files.map { context.shown($0) }.joined(separator: ", ") }
    let written = files.filter { Files.isWorldWritable($0) }
    guard written.isEmpty else {
      return .fault(.writtenByOthers, "everyone on this machine may write to \(names(written))")
    }
    let read = files.filter { Files.isWorldReadable($0) }
    guard read.isEmpty else {
      return .warning(.readByOthers, "everyone on this machine may read \(names(read))")
    }
    return .ok(
      "files", files.isEmpty ? "none that hold secrets" : "nobody else may read \(names(files))")
  }

  /// What holds secrets or customers, of what is there.
  private static func privateFiles(_ context: Context) -> [String] {
    let database = context.settings.databasePath
    var files = ["", "-wal", "-shm"].map { database + $0 }
    let environment = context.resolve(context.environmentFileName)
    if holdsSecrets(environment) { files.append(environment) }
    if let file = context.keyFile, file != "-" { files.append(context.resolve(file)) }
    for name in Environment.secretNames {
      if case .file(let path) = context.environment.source(of: name) {
        files.append(context.resolve(path))
      }
    }
    return files.filter { Files.exists($0) }
  }

  private static func holdsSecrets(_ path: String) -> Bool {
    guard let text = try? Files.text(of: path),
      let values = try? EnvironmentFile.parse(text, path: path)
    else { return false }
    return Environment.secretNames.contains { !(values[$0] ?? "").isEmpty }
  }

  /// Below this much room a backup or a large import may not fit, and below that nothing does.
  private static let (littleSpace, leastSpace): (Int64, Int64) = (256 << 20, 8 << 20)

  func diskFinding(_ context: Context) -> Finding? {
    let path = context.settings.databasePath
    guard let free = context.world.freeBytes(Files.folder(of: path)) else { return nil }
    let length = Files.length(of: path) ?? 0
    let words = "\(Self.megabytes(free)) free where \(context.shown(path)) lies"
    if free < Self.leastSpace { return .fault(.noSpace, words) }
    if free < max(Self.littleSpace, length) { return .warning(.littleSpace, words) }
    return .ok("disk", words)
  }

  private static func megabytes(_ bytes: Int64) -> String {
    bytes >= 10 << 30 ? "\(bytes >> 30) GB" : "\(bytes >> 20) MB"
  }
}
