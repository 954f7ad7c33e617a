import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct GlobalOptionsTests {
  private func options(_ words: [String]) throws(UsageError) -> GlobalOptions {
    try GlobalOptions(
      parsing: Arguments(words, parameters: GlobalOptions.parameters, command: ""))
  }

  @Test func all() throws {
    let options = try options([
      "--live", "--db", "a.db", "--sandbox-db=b.db", "--plans", "c.yaml", "--env-file", ".env.test",
      "--key-file", "-", "--json", "--verbose", "--no-color", "--log-format", "json", "--yes",
      "--dry-run", "--idempotency-key", "run-7", "--local", "--api-version", "2025-03-31.basil",
      "--api-base", "http://127.0.0.1:12111", "--timeout", "5", "--max-retries", "0",
    ])
    #expect(options.live && options.verbose && options.noColor && options.yes)
    #expect(options.dryRun && options.local && !options.sandbox && !options.quiet)
    #expect(options.database == "a.db" && options.sandboxDatabase == "b.db")
    #expect(options.plans == "c.yaml" && options.envFile == ".env.test" && options.keyFile == "-")
    #expect(options.format == .json && options.logFormat == .json)
    #expect(options.idempotencyKey?.text == "run-7")
    #expect(options.apiVersion == "2025-03-31.basil")
    #expect(options.apiBase == "http://127.0.0.1:12111")
    #expect(options.timeoutSeconds == 5 && options.maxRetries == 0)
  }

  @Test(arguments: [
    (["--sandbox", "--live"], "--sandbox and --live exclude each other"),
    (["--sandbox", "--api-base", "https://x"], "--sandbox and --api-base exclude each other"),
    (["--quiet", "--verbose"], "--quiet and --verbose exclude each other"),
    (["--json", "--format", "csv"], "--json and --format csv exclude each other"),
    (["--format", "xml"], "--format must be table, json, jsonl or csv, not 'xml'"),
    (["--timeout", "0"], "--timeout must be from 1 to 3600, not 0"),
    (["--max-retries", "-1"], "--max-retries must be from 0 to 20, not -1"),
    (["--db="], "--db is empty"),
    (["--api-version", "latest"], "--api-version must be like 2026-10-28.endive"),
    (["--api-version", "2026-02-30.x"], "--api-version must be like 2026-10-28.endive"),
    (
      ["--idempotency-key", String(repeating: "k", count: 241)],
      "--idempotency-key takes 1 to 240 visible ASCII characters"
    ),
    (["--idempotency-key", "a b"], "--idempotency-key takes 1 to 240 visible ASCII characters"),
    (["--idempotency-key="], "--idempotency-key takes 1 to 240 visible ASCII characters"),
  ]) func refused(_ words: [String], _ message: String) {
    do throws(UsageError) {
      _ = try options(words)
      Issue.record("no error")
    } catch {
      #expect(error.message == message)
    }
  }

  @Test func theLongestKey() throws {
    let key = String(repeating: "k", count: 240)
    #expect(try options(["--idempotency-key", key]).idempotencyKey?.text == key)
  }

  @Test(arguments: ["2024-11-20", "2024-11-20.acacia", "2026-10-28.endive"])
  func versions(_ text: String) { #expect(GlobalOptions.isVersion(text)) }
}
