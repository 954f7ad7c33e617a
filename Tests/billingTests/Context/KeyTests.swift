import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

/// Which key a run uses, and what it may do with it.
@Suite(.tags(.unit)) struct KeyTests {
  private static let test = ["STRIPE_SECRET_KEY": "sk_test_abcdefghijkl"]
  private static let live = ["STRIPE_SECRET_KEY": "rk_live_abcdefghijkl"]

  /// What a command that only reads, or one that also writes, comes to.
  private func outcome(
    _ options: String, _ environment: [String: String], writes: Bool = false,
    input: String = "", files: [String: String] = [:]
  ) throws -> String {
    let world = try TestWorld()
    for (path, text) in files { try world.write(text, to: path) }
    do {
      let context = try world.context(options, environment: environment, input: input)
      if writes { try context.requireWrite("cancel it") }
      return "\(try context.mode()) \(try context.key().secret.reveal())"
    } catch {
      let error = CommandError(explaining: error)
      return "\(error.exit.rawValue) \(error.code): \(error.message) | \(error.hint ?? "")"
    }
  }

  @Test func noKey() throws {
    let expected = """
      8 missing_key: there is no Stripe key | \
      set STRIPE_SECRET_KEY, or use --sandbox, which needs none
      """
    #expect(try outcome("", [:]) == expected)
    #expect(try outcome("", ["STRIPE_SECRET_KEY": ""]) == expected)
  }

  @Test func theSandboxIgnoresKeys() throws {
    #expect(try outcome("--sandbox", [:]) == "sandbox sk_test_sandbox")
    #expect(try outcome("--sandbox", Self.live, writes: true) == "sandbox sk_test_sandbox")
  }

  @Test func publishableAndMalformedKeys() throws {
    #expect(
      try outcome("", ["STRIPE_SECRET_KEY": "pk_test_abcdefghijkl"]) == """
        8 missing_key: a publishable key (pk_…) cannot be used here: it is for browsers | \
        take the secret key (sk_…) or a restricted one (rk_…)
        """)
    #expect(
      try outcome("", ["STRIPE_SECRET_KEY": "hunter2"]) == """
        8 missing_key: STRIPE_SECRET_KEY is not a secret key (sk_test_…, sk_live_…) \
        or a restricted one (rk_…) | copy it anew
        """)
  }

  @Test func liveKeys() throws {
    #expect(try outcome("", Self.live) == "live rk_live_abcdefghijkl")
    #expect(
      try outcome("", Self.live, writes: true) == """
        2 live_required: this is a live key, and --live is missing: nothing was sent | \
        add --live to cancel it for real
        """)
    #expect(
      try outcome("--live", Self.live, writes: true) == """
        2 confirmation_required: not confirmed: cancel it (live) | run it again with --yes
        """)
    #expect(try outcome("--live --yes", Self.live, writes: true) == "live rk_live_abcdefghijkl")
    #expect(try outcome("--dry-run", Self.live, writes: true) == "live rk_live_abcdefghijkl")
  }

  @Test func liveWithATestKey() throws {
    #expect(
      try outcome("--live", Self.test) == """
        8 wrong_mode: --live with a test key | leave --live out, or set a live key
        """)
  }

  @Test func testKeysWriteUnasked() throws {
    #expect(try outcome("", Self.test, writes: true) == "test sk_test_abcdefghijkl")
  }

  @Test func keyFiles() throws {
    let files = ["key": "sk_test_fromfile1234\n"]
    #expect(try outcome("--key-file key", Self.test, files: files) == "test sk_test_fromfile1234")
    #expect(
      try outcome("", ["STRIPE_SECRET_KEY_FILE": "key"], files: files)
        == "test sk_test_fromfile1234")
    #expect(
      try outcome("--key-file -", Self.test, input: "sk_test_frominput12\n")
        == "test sk_test_frominput12")
    #expect(
      try outcome("--key-file gone", [:])
        == "8 missing_key: --key-file gone: no such file or directory | ")
    #expect(
      try outcome("--key-file empty", [:], files: ["empty": "\n"])
        == "8 missing_key: --key-file empty is empty | ")
    #expect(try outcome("--key-file -", [:]) == "8 missing_key: no key on standard input | ")
  }

  @Test func aDirectoryIsNoKeyFile() async throws {
    let world = try await Shop(seeds: false).world
    let result = await world.run("customer list --key-file \(world.directory)")
    #expect(result.exit == .configuration)
    #expect(result.errors == "error: --key-file \(world.directory): is a directory\n")
  }

  /// Once, however often the secret is asked for.
  @Test func aSecretFileThatEveryoneMayRead() throws {
    let world = try TestWorld()
    try world.write("whsec_abcdefghijkl", to: "secret", mode: 0o644)
    let errors = MemoryOutput()
    let context = try world.context(
      environment: ["STRIPE_WEBHOOK_SECRET_FILE": "secret"], errors: errors)
    for _ in 0..<2 {
      #expect(try context.secret("STRIPE_WEBHOOK_SECRET")?.reveal() == "whsec_abcdefghijkl")
    }
    #expect(
      errors.text == """
        warning: secret holds a secret and everyone on this machine may read it; chmod 600 secret

        """)
  }

  @Test func standardInputHasOneReader() throws {
    let context = try TestWorld().context("--key-file -", input: "sk_test_frominput12\n")
    _ = try context.key()
    #expect(throws: CommandError.usage("both --key-file - and FILE want standard input")) {
      try context.readInput(for: "FILE")
    }
  }

  @Test func rateLimits() throws {
    let world = try TestWorld()
    let limit = { (options: String, environment: [String: String]) in
      try world.context(options, environment: environment).client().configuration.rateLimit
    }
    #expect(try limit("", Self.test) == 25)
    #expect(try limit("", Self.live) == 100)
    #expect(try limit("--sandbox", [:]) == nil)
    #expect(try limit("--api-base http://127.0.0.1:12111", Self.test) == nil)
    #expect(try limit("", Self.test.merging(["BILLING_RATE_LIMIT": "7"]) { $1 }) == 7)
  }
}
