import Basics
import BillingCore

struct ApikeyVerify: Command {
  static let name = "apikey verify"
  static let summary = "Decide whether a request with an API key is let through"
  static let discussion = """
    The key comes on standard input. Exit 0 when the request is let through, and then it is counted;
    3 when it is not, with the reason and, where waiting helps, the seconds to wait: malformed,
    unknown, revoked, expired, not_in_plan (the customer's plan has no API), rate_limited,
    quota_exceeded. Either way the decision is on standard output. What is malformed is told without
    the database.

    The rate limit is each key's own (with what it was rotated from): at most so many requests in any
    sixty seconds, however many ask at once. The quota is the customer's over all its keys, by the
    month of the calendar in UTC. Both are the plan's at the moment; reset_at is when all of it is
    there again. --dry-run counts nothing.
    """
  static let examples = ["apikey verify", "apikey verify --json --dry-run"]

  /// A key has less than 80; what is longer is none.
  private static let maximumBytes = 4096

  init(parsing arguments: inout Arguments) throws(UsageError) {
    // Whatever it is, it may have been meant as a key, so it is not repeated.
    guard arguments.hasNoWords else {
      throw arguments.error("the key comes on standard input, not as a word of the command line")
    }
  }

  func run(_ context: Context) async throws -> ObjectReport {
    guard context.settings.idempotencyKey == nil else {
      throw CommandError.usage(
        "every request is counted, so an --idempotency-key cannot stand for one",
        hint: "leave --idempotency-key out")
    }
    guard let secret = try readKey(context) else {
      return APIKeyDecisionView.report(.malformed)
    }
    context.scrubber.add(secret.secret)
    let catalogue = try context.catalogue()
    let (store, clock) = (try context.store(), try context.now())
    let decision =
      context.settings.isDryRun
      ? try store.read { try $0.decide(on: secret, in: catalogue, at: clock) }
      : try store.write { try $0.admit(secret, in: catalogue, at: clock) }
    return APIKeyDecisionView.report(decision)
  }

  /// Nil for what is no key: it may come from anyone, so it is neither an error nor repeated.
  private func readKey(_ context: Context) throws -> APIKeySecret? {
    try context.inputClaim.take(for: Self.name)
    if context.world.terminal.input { context.note("the key, then Enter and Ctrl-D:") }
    guard let bytes = context.world.input.readAll(limit: Self.maximumBytes) else { return nil }
    // `echo` and editors leave a line end.
    let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    return words.count == 1 ? APIKeySecret(parsing: String(words[0])) : nil
  }
}
