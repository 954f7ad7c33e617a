import BillingCore
import Testing

@Suite(.tags(.unit)) struct CatalogueMistakeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let yaml: String
    let mistakes: String

    var testDescription: String { name }
  }

  /// The mistakes of a text, one a line, without the file's name.
  static func mistakes(_ yaml: [UInt8]) -> String {
    do throws(CatalogueError) {
      _ = try Catalogue(yaml: yaml, file: "plans.yaml")
      return "none"
    } catch {
      guard case .invalid(let mistakes) = error else { return "\(error)" }
      return mistakes.map { $0.description.dropFirst("plans.yaml:".count) }
        .joined(separator: "\n")
    }
  }

  /// The smallest catalogue, on four lines; what is added begins on line 5.
  static let smallest = """
    version: 1
    currency: usd
    default_plan: free
    plans: [{ id: free, name: Free, rank: 0 }]

    """

  @Test func smallestIsValid() throws {
    let catalogue = try Catalogue(yaml: Self.smallest, file: "plans.yaml")
    #expect(catalogue.namespace == "billing")
    #expect(catalogue.gracePeriodDays == 7)
    #expect(catalogue.alerts == [80, 100])
    #expect(catalogue.keyPrefix == "billing")
    #expect(catalogue.externalIDMetadata == ["billing_external_id", "external_id"])
    #expect(catalogue.defaultPlan?.name == "Free")
    #expect(catalogue.defaultPlan?.isForSale == false)
  }

  @Test(arguments: added) func mistakeInWhatIsAdded(_ entry: Case) {
    #expect(Self.mistakes(Array((Self.smallest + entry.yaml).utf8)) == entry.mistakes)
  }

  @Test(arguments: plans) func mistakeInAPlan(_ entry: Case) {
    let yaml = """
      version: 1
      currency: usd
      default_plan: free
      meters: { runs: { name: Runs, aggregation: sum } }
      plans:
        - { id: free, name: Free, rank: 0 }
        - id: pro
          name: Pro
          rank: 1
      \(entry.yaml.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
      """
    #expect(Self.mistakes(Array(yaml.utf8)) == entry.mistakes)
  }

  @Test(arguments: whole) func mistakeInTheWhole(_ entry: Case) {
    #expect(Self.mistakes(Array(entry.yaml.utf8)) == entry.mistakes)
  }

  @Test func allMistakesAtOnce() {
    let yaml = """
      version: 2
      curency: usd
      default_plan: fee
      plans:
        - { id: free, name: Free, rank: 0, rank: 1 }
        - { id: Pro, rank: zero, prices: [{ interval: fortnight, unit_amount: 1.5 }] }
      """
    #expect(
      Self.mistakes(Array(yaml.utf8)) == """
        1:1: the catalogue has no `currency`
        1:10: `version` must be from 1 to 1, not 2
        2:1: unknown key `curency` in the catalogue; did you mean `currency`?
        3:15: there is no plan "fee"; did you mean "free"?
        5:38: `rank` stands here again; it is already on line 5
        6:5: plan Pro has no `name`
        6:11: an id is 1 to 40 characters: a small letter, then small letters, digits, - and _; \
        "Pro" is none
        6:22: `rank` must be a whole number, not "zero"
        6:49: `interval` must be one of day, week, month, year, not "fortnight"
        6:73: `unit_amount` must be a whole number of minor units (cents), not 1.5
        """)
  }

  // MARK: Bytes

  @Test func notUTF8() {
    #expect(Self.mistakes(Array("version: 1\nname: é".utf8) + [0xFF]) == "2:8: not UTF-8")
  }

  @Test func tooLarge() {
    let bytes = [UInt8](repeating: 0x20, count: Catalogue.maximumBytes + 1)
    #expect(Self.mistakes(bytes) == "1:1: larger than 1048576 bytes")
  }

  @Test func aliasesThatGrow() {
    var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...12 {
      let aliases = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      yaml += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(
      Self.mistakes(Array(yaml.utf8))
        == "5:55: more than 100000 values, with aliases written out")
  }

  @Test func aliasesAsKeys() {
    var yaml = "a0: &a0 [x, x]\n"
    for level in 1...12 {
      yaml += "a\(level): &a\(level) { ? [*a\(level - 1), *a\(level - 1)] : 1 }\n"
    }
    #expect(Self.mistakes(Array(yaml.utf8)).contains("a key must be a text, not a list"))
  }

  @Test func nestingThatGoesDeep() {
    let yaml = String(repeating: "[", count: 20)
    #expect(Self.mistakes(Array(yaml.utf8)) == "1:18: nested deeper than 16 levels")
    let abyss = String(repeating: "[", count: 500_000)
    #expect(Self.mistakes(Array(abyss.utf8)).hasPrefix("1:1: not valid YAML: Maximum nesting"))
  }

  @Test func anchorsAndMergeKeys() throws {
    let yaml = """
      version: 1
      currency: usd
      default_plan: free
      plans:
        - &free { id: free, name: Free, rank: 0, features: &all { sso: true, support: Email } }
        - { <<: *free, id: pro, name: Pro, rank: 1, features: { <<: [*all, { audit: true }], sso: false } }
      """
    let pro = try #require(try Catalogue(yaml: yaml, file: "plans.yaml").plan("pro"))
    #expect(pro.name == "Pro")
    #expect(pro.feature("sso")?.value == .flag(false))
    #expect(pro.feature("support")?.value == .text("Email"))
    #expect(pro.feature("audit")?.value == .flag(true))
  }

  // MARK: Files

  @Test func missingFile() {
    #expect(throws: CatalogueError.missing(path: "/nowhere/plans.yaml")) {
      try Catalogue(path: "/nowhere/plans.yaml")
    }
  }

  @Test func folder() {
    #expect(
      throws: CatalogueError.unreadable(path: "/tmp", detail: "it is no file that can be read")
    ) {
      try Catalogue(path: "/tmp")
    }
  }

  @Test func endlessFile() {
    #expect(
      throws: CatalogueError.invalid([
        CatalogueMistake(
          file: "/dev/zero", line: 1, column: 1, message: "larger than 1048576 bytes")
      ])
    ) {
      try Catalogue(path: "/dev/zero")
    }
  }
}
