import Basics
import Stripe

/// `billing sandbox settings`: what is set in Stripe's dashboard and not by its API.
struct SandboxSettings: Command {
  static let name = "sandbox settings"
  static let summary = "Show or change what Stripe's dashboard sets: the retries of failed payments"
  static let discussion = """
    Without options, shows the settings. --retry-days says how many days after each failure an
    automatic payment is tried again; --after-retries what becomes of the subscription when the last
    one has failed.
    """
  static let parameters: [Parameter] = [
    .option("--retry-days", "N,N,…", "Days from one attempt to the next (at most 8 attempts)"),
    .option(
      "--after-retries", "STATE", "After the last attempt: cancel, unpaid or past_due",
      choices: ["cancel", "unpaid", "past_due"]),
  ]
  static let examples = [
    "sandbox settings", "sandbox settings --retry-days 1,3,5 --after-retries unpaid",
  ]

  var changes = JSONObject()

  init(parsing arguments: inout Arguments) throws(UsageError) {
    if let text = try arguments.option("--retry-days") {
      let words = text.split(separator: ",", omittingEmptySubsequences: false)
      let days = words.compactMap { WholeNumber.parse(String($0)) }.filter { (1...60).contains($0) }
      guard days.count == words.count, days.count <= 8 else {
        throw arguments.error(
          "--retry-days must be up to 8 numbers of days (3,5,7), not \(Arguments.quoted(text))")
      }
      changes["retry_days"] = .array(days.map { .integer($0) })
    }
    changes["after_retries"] = try arguments.option("--after-retries").map(JSON.string)
  }

  func run(_ context: Context) async throws -> ObjectReport {
    let settings =
      changes.isEmpty
      ? try await context.sandboxAnswer(.get, "settings")
      : try await context.sandboxAnswer(.post, "settings", parameters: changes)
    let days = (settings["retry_days"]?.array ?? []).compactMap { $0.integer.map(String.init) }
    return ObjectReport(
      object: settings.object ?? [:],
      fields: [
        Field("Retry days", .string(days.joined(separator: ","))),
        Field("After retries", settings["after_retries"]),
      ])
  }
}
