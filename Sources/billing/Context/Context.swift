import Basics
private import Foundation
import Stripe
import StripeSandbox

/// Everything that a command may touch: settings, environment, clock, streams, Stripe, the store.
/// Nothing is global, so tests run commands in process beside each other.
struct Context: Sendable {
  let world: World
  private(set) var settings: Settings
  let environment: Environment
  let scrubber: Scrubber
  /// Standard output and standard error, without secrets. Commands return reports instead; these
  /// are for what speaks while it works (servers, notes).
  let output: any TextOutput
  let errors: any TextOutput
  let connections: Connections
  let inputClaim = InputClaim()
  /// Where `--key-file` points, as it was given.
  let keyFile: String?
  /// The env file as the user names it, whether it is there or not.
  let environmentFileName: String

  init(_ world: World, _ options: GlobalOptions, readsEnvironment: Bool = true) throws {
    self.world = world
    let scrubber = Scrubber()
    self.scrubber = scrubber
    output = ScrubbedOutput(output: world.output, scrubber: scrubber)
    errors = ScrubbedOutput(output: world.errors, scrubber: scrubber)
    keyFile = options.keyFile
    connections = Connections()
    environmentFileName = Self.namedEnvironmentFile(world, options) ?? ".env"
    guard readsEnvironment else {
      environment = Environment()
      var settings = Settings()
      settings.format = options.format
      self.settings = settings
      return
    }
    let file = try Self.environmentFile(world, options)
    environment = Environment(process: world.environment, file: file?.values ?? [:])
    settings = try Settings(options, environment, world)
    for name in Environment.secretNames {
      if case .value(let secret) = environment.source(of: name) { scrubber.add(secret) }
    }
    if let file {
      for warning in file.warnings { warn(warning) }
      warnOfReaders(file.path, file.values)
    }
  }

  /// The same for one operation of a batch: under a key of its own, and confirmed with the batch.
  func forOperation(key: IdempotencyKey) -> Context {
    var context = self
    context.settings.idempotencyKey = key
    context.settings.assumesYes = true
    return context
  }

  /// The env file that was named, else `.env` where there is one.
  private static func environmentFile(
    _ world: World, _ options: GlobalOptions
  ) throws -> (path: String, values: [String: String], warnings: [String])? {
    let named = namedEnvironmentFile(world, options)
    let path = world.resolve(named ?? ".env")
    guard named != nil || Files.exists(path) else { return nil }
    do {
      let text = try Files.text(of: path)
      let name = named ?? ".env"
      var warnings: [String] = []
      let values = try EnvironmentFile.parse(text, path: name) { variable, line in
        warnings.append("\(name):\(line): \(variable) stands there twice; the last value counts")
      }
      return (path, values, warnings)
    } catch let error as FileError {
      throw CommandError.configuration("invalid_env", "\(named ?? ".env"): \(error.words)")
    }
  }

  private static func namedEnvironmentFile(_ world: World, _ options: GlobalOptions) -> String? {
    options.envFile ?? Environment(process: world.environment)["BILLING_ENV_FILE"]
  }

  private func warnOfReaders(_ path: String, _ values: [String: String]) {
    let hasSecret = Environment.secretNames.contains { !(values[$0] ?? "").isEmpty }
    guard hasSecret, Files.isWorldReadable(path) else { return }
    let name = (path as NSString).lastPathComponent
    warn("\(name) holds a secret and everyone on this machine may read it; chmod 600 \(name)")
  }

  // MARK: Speaking while working

  /// A line on standard error that `--quiet` drops.
  func note(_ text: String) {
    guard !settings.isQuiet else { return }
    errors.write("note: " + VisibleText.of(text) + "\n")
  }

  /// A line on standard error that is always shown.
  func warn(_ text: String) {
    errors.write("warning: " + VisibleText.of(text) + "\n")
  }

  // MARK: Files and input

  /// A path as the user gave it, seen from the directory of this run.
  func resolve(_ path: String) -> String { world.resolve(path) }

  /// A path as people read it: from the directory of this run, where it lies in it.
  func shown(_ path: String) -> String {
    let prefix = world.directory + "/"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
  }

  /// All of standard input, for one reader of it in a run.
  func readInput(for reader: String, limit: Int = Files.maximumBytes) throws -> [UInt8] {
    try inputClaim.take(for: reader)
    guard let bytes = world.input.readAll(limit: limit) else {
      throw CommandError.usage("standard input is longer than \(limit) bytes")
    }
    return bytes
  }

  /// The secret in a variable, or in the file that `NAME_FILE` names; from here on it is scrubbed.
  func secret(_ name: String) throws -> Secret? {
    let secret: Secret
    switch environment.source(of: name) {
    case nil: return nil
    case .value(let value): secret = value
    case .file(let path):
      let file = world.resolve(path)
      secret = try Self.secret(inFile: file, called: "\(name)_FILE (\(path))")
      if Files.isWorldReadable(file), connections.isFirst(file) {
        warn("\(path) holds a secret and everyone on this machine may read it; chmod 600 \(path)")
      }
    }
    scrubber.add(secret)
    return secret
  }

  /// The signing secrets of webhooks, the first one first: several stand there during a rotation.
  static let mostWebhookSecrets = 20

  func webhookSecrets() throws -> [Secret] {
    let words = try secret("STRIPE_WEBHOOK_SECRET")?.reveal().split(separator: ",") ?? []
    let secrets = words.map { Secret($0.trimmingCharacters(in: .whitespaces)) }
      .filter { !$0.isEmpty }
    guard secrets.count <= Self.mostWebhookSecrets else {
      throw CommandError.configuration(
        "invalid_env",
        "STRIPE_WEBHOOK_SECRET has \(secrets.count) secrets, and each costs time with each event",
        hint: "keep the new one and the old one; \(Self.mostWebhookSecrets) are the most")
    }
    for secret in secrets { scrubber.add(secret) }
    return secrets
  }

  /// Those whose signature is believed: in the sandbox its own where none is set.
  func believedSecrets() throws -> [Secret] {
    let secrets = try webhookSecrets()
    guard secrets.isEmpty, settings.isSandbox else { return secrets }
    let own = try sandbox().webhookSecret()
    scrubber.add(own)
    return [own]
  }

  /// The first line of a file, without the blanks around it.
  static func secret(inFile path: String, called name: String) throws -> Secret {
    do {
      let line = try Files.text(of: path).split(whereSeparator: \.isNewline).first ?? ""
      let text = line.trimmingCharacters(in: .whitespaces)
      guard !text.isEmpty else {
        throw CommandError.configuration("missing_key", "\(name) is empty")
      }
      return Secret(text)
    } catch let error as FileError {
      throw CommandError.configuration("missing_key", "\(name): \(error.words)")
    }
  }
}
