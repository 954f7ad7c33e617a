import Basics
import BillingCore

struct TokensPackages: Command {
  static let name = "tokens packages"
  static let summary = "List the packages of tokens that are for sale"
  static let discussion = """
    Reads plans.yaml alone: no key is needed and nothing is sent. A package is seeded like a plan
    (billing plans seed), and bought with billing tokens buy.
    """
  static let examples = ["tokens packages", "tokens packages --json"]

  init(parsing arguments: inout Arguments) throws(UsageError) {}

  func run(_ context: Context) async throws -> ListReport {
    let priceIDs = try context.knownPriceIDs()
    return ListReport(
      try context.catalogue().packages.map { Self.json($0, priceIDs) },
      keys: [
        "id", "name", "description", "tokens", "unit_amount", "currency", "expires", "price",
        "lookup_key",
      ],
      columns: [
        Column("PACKAGE", "id"), Column("NAME", "name"),
        Column("TOKENS", alignment: .right) {
          Cell($0["tokens"]?.integer.map { PlanWords.number($0) } ?? "-")
        },
        .money("PRICE", "unit_amount"),
        Column("EXPIRES") { Cell($0["expires"]?.string.map { "after \($0)" } ?? "never") },
        Column("DESCRIPTION", "description").leaving(1),
      ],
      empty: "The catalogue has no packages.")
  }

  private static func json(_ package: TokenPackage, _ priceIDs: [String: String]) -> JSON {
    [
      "id": .string(package.id), "name": .string(package.name),
      "description": JSON(package.description), "tokens": .integer(package.tokens),
      "unit_amount": .integer(package.unitAmount), "currency": .string(package.currency),
      "expires": JSON(package.expires?.words),
      "price": JSON(package.priceID ?? priceIDs[package.lookupKey]),
      "lookup_key": .string(package.lookupKey),
    ]
  }
}
