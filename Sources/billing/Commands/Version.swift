import Basics

/// `billing version`: which program this is.
struct Version: Command {
  static let name = "version"
  static let summary = "Show the version of this program"
  static let discussion = """
    Shows the version and the version of Stripe's API that it is built for. Needs neither network
    nor files.
    """
  static let examples = ["version", "version --json"]
  static let readsEnvironment = false

  init(parsing arguments: inout Arguments) throws(UsageError) {}

  func run(_ context: Context) async throws -> TextReport {
    TextReport(
      text: "billing \(Billing.version) (Stripe API \(Settings.builtForVersion))",
      data: .object([
        "version": .string(Billing.version), "api_version": .string(Settings.builtForVersion),
      ]))
  }
}
