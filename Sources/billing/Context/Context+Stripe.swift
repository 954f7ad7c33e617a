import Basics
import BillingCore
import Stripe
import StripeSandbox

extension Context {
  /// The mode of this run: the sandbox, or what the key is for. Needs a key.
  func mode() throws -> Store.Mode {
    if settings.isSandbox { return .sandbox }
    return try key().mode == .live ? .live : .test
  }

  /// The time that rules decide by: the sandbox's own clock with `--sandbox`, else the machine's.
  func now() throws -> Timestamp {
    settings.isSandbox ? try sandbox().now() : world.now()
  }

  /// The sandbox of this run, opened at first use; the first use also says that it is one.
  func sandbox() throws -> Sandbox {
    try connections.sandbox {
      if connections.isFirst("sandbox") {
        note("using the built-in sandbox (\(shown(settings.sandboxDatabasePath))), not Stripe")
      }
      return try Sandbox(
        Sandbox.Configuration(
          path: settings.sandboxDatabasePath, systemTime: world.now, makeToken: world.makeToken))
    }
  }

  /// The client for Stripe or for the sandbox, made at first use. Checks the key, sends nothing.
  func client() throws -> StripeClient {
    try connections.client {
      let key = try self.key()
      var transport: any Transport =
        settings.isSandbox
        ? SandboxTransport(sandbox: try sandbox()) : try world.makeTransport()
      if settings.isVerbose {
        transport = LoggingTransport(
          transport: transport, errors: errors, format: settings.logFormat,
          uptimeMilliseconds: world.uptimeMilliseconds)
      }
      return StripeClient(
        transport: transport,
        configuration: StripeClient.Configuration(
          key: key, baseURL: settings.isSandbox ? SandboxTransport.baseURL : settings.apiBase,
          apiVersion: settings.apiVersion, timeoutSeconds: settings.timeoutSeconds,
          maxRetries: settings.maxRetries, rateLimit: rateLimit(key)))
    }
  }

  /// Stripe's own limits for Stripe itself; none for a server beside us, unless one is set.
  private func rateLimit(_ key: StripeKey) -> Double? {
    if let limit = settings.rateLimit { return limit }
    guard !settings.isSandbox, settings.apiBase == Settings.stripeBase else { return nil }
    return key.mode == .live ? 100 : 25
  }

  /// The key of this run: the sandbox's own, else `--key-file`, else `STRIPE_SECRET_KEY`.
  func key() throws -> StripeKey {
    try connections.key {
      if settings.isSandbox { return try StripeKey(parsing: SandboxTransport.key) }
      let given = try keyFile.map { try readKey(from: $0) } ?? secret("STRIPE_SECRET_KEY")
      guard let given else { throw CommandError.missingKey }
      let key = try StripeKey(parsing: given.reveal())
      if settings.allowsLive, key.mode != .live {
        throw CommandError.configuration(
          "wrong_mode", "--live with a test key",
          hint: "leave --live out, or set a live key")
      }
      return key
    }
  }

  private func readKey(from path: String) throws -> Secret {
    let secret: Secret
    if path == "-" {
      let bytes = try readInput(for: "--key-file -", limit: 4096)
      let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first
      guard let line else {
        throw CommandError.configuration("missing_key", "no key on standard input")
      }
      secret = Secret(String(line))
    } else {
      let file = resolve(path)
      secret = try Self.secret(inFile: file, called: "--key-file \(path)")
      if Files.isWorldReadable(file) {
        warn("\(path) holds a key and everyone on this machine may read it; chmod 600 \(path)")
      }
    }
    scrubber.add(secret)
    return secret
  }
}

extension CommandError {
  static let missingKey = configuration(
    "missing_key", "there is no Stripe key",
    hint: "set STRIPE_SECRET_KEY, or use --sandbox, which needs none")
}
