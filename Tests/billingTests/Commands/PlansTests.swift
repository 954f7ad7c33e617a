import Basics
import BillingCore
import Foundation
import Stripe
import Testing

@testable import billing

/// A folder with the catalogue of a fixture.
private func shop(_ fixture: String = "coditect") throws -> TestWorld {
  let world = try TestWorld()
  let path = "\(Repository.root)/fixtures/plans/\(fixture).yaml"
  try world.write(try String(contentsOfFile: path, encoding: .utf8), to: "plans.yaml")
  return world
}

@Suite(.tags(.unit)) struct PlansListTests {
  @Test(arguments: [
    ("plans list", nil), ("plans list --interval quarter", "3month"),
    ("plans list --interval 2week", "2week"),
  ]) func words(_ line: String, _ interval: String?) throws {
    var arguments = try Arguments(
      line.split(separator: " ").dropFirst(2).map { String($0) },
      parameters: PlansList.parameters, command: PlansList.name)
    #expect(try PlansList(parsing: &arguments).interval?.name == interval)
  }

  @Test(arguments: [
    (
      "plans list --interval yearly",
      "--interval must be an interval such as month, quarter or year, not 'yearly'; did you mean "
        + "year?"
    ),
    ("plans list --interval", "--interval needs a value; see"),
    ("plans list now", "unexpected 'now'; see"),
  ]) func wrongWords(_ line: String, _ message: String) async throws {
    let result = await (try shop()).run(line)
    #expect(result.exit == .usage)
    #expect(result.errors.hasPrefix("error: \(message)"), "\(result.errors)")
    #expect(result.output == "")
  }

  @Test func jsonHasAllFields() async throws {
    let result = await (try shop()).run("plans list --interval year --json")
    let plans = try JSON(parsing: result.output)["data"]?.array ?? []
    #expect(plans.map { $0["id"]?.string } == ["starter", "professional"])
    #expect(
      plans.first?.object?.keys == [
        "id", "name", "description", "rank", "prices", "trial_days", "limits", "features", "api",
        "available",
      ])
    #expect(
      plans.first?["prices"]?.compact == """
        [{"interval":"year","interval_count":1,"unit_amount":19000,"currency":"usd","price":null,\
        "lookup_key":"billing_starter_year"}]
        """)
    #expect(plans.first?[at: "limits", "projects"]?.compact == #"{"max":10,"per":null}"#)
    #expect(plans.first?[at: "limits", "ai_requests"]?.compact == #"{"max":null,"per":"period"}"#)
  }
}

@Suite(.tags(.unit)) struct PlansShowTests {
  @Test func unknownPlan() async throws {
    let result = await (try shop()).run("plans show startr --json")
    #expect(result.exit == .notFound)
    #expect(
      result.errors == """
        {"error":{"code":"not_found","message":"there is no plan 'startr'",\
        "hint":"did you mean starter?","exit":4}}

        """)
  }

  @Test func aPriceIDOfTheEnvironment() async throws {
    let world = try shop()
    let result = await world.run(
      "plans show starter --json",
      environment: ["STRIPE_STARTER_PRICE_ID": "price_1", "STRIPE_PRICE_STARTER_YEARLY": "price_2"])
    let prices = try JSON(parsing: result.output)["prices"]?.array ?? []
    #expect(prices.map { $0["price"]?.string } == ["price_1", "price_2"])
  }

  @Test func aMalformedPriceIDOfTheEnvironment() async throws {
    let result = await (try shop()).run(
      "plans show starter", environment: ["STRIPE_PRICE_STARTER_YEARLY": "no price"])
    #expect(result.exit == .configuration)
    #expect(result.errors.contains("STRIPE_PRICE_STARTER_YEARLY is no price id"))
  }
}

@Suite(.tags(.unit)) struct PlansValidateTests {
  @Test(arguments: ["coditect", "agnostic", "allthrive", "api"])
  func fixturesAreValid(_ name: String) async throws {
    let result = await (try shop(name)).run("plans validate --json")
    #expect(result.exit == .done)
    #expect(try JSON(parsing: result.output)["valid"]?.bool == true)
  }

  @Test func mistakesAreDetailsOfTheError() async throws {
    let world = try TestWorld()
    try world.write("version: 1\nplan: []\n", to: "plans.yaml")
    let result = await world.run("plans validate --json")
    #expect(result.exit == .configuration && result.output == "")
    #expect(
      result.errors == """
        {"error":{"code":"invalid_plans","message":"the plan catalogue has 4 mistakes","exit":8,\
        "details":[{"file":"plans.yaml","line":1,"column":1,\
        "message":"the catalogue has no `currency`"},{"file":"plans.yaml","line":1,"column":1,\
        "message":"the catalogue has no `default_plan`"},{"file":"plans.yaml","line":1,"column":1,\
        "message":"the catalogue has no `plans`"},{"file":"plans.yaml","line":2,"column":1,\
        "message":"unknown key `plan` in the catalogue; did you mean `plans`?"}]}}

        """)
  }
}

@Suite(.tags(.integration)) struct PlansSeedIntegrationTests {
  @Test func twiceChangesNothingTheSecondTime() async throws {
    let world = try shop()
    let first = await world.run("--sandbox plans seed --json")
    #expect(first.exit == .done)
    let made = try JSON(parsing: first.output)
    #expect(made.object?.keys == ["changes", "applied", "conflicts"])
    #expect(made["applied"]?.integer == made["changes"]?.array.map { Int64($0.count) })
    #expect(
      made[at: "changes", "0"]?.object?.keys
        == ["action", "object", "id", "lookup_key", "plan", "detail"])
    #expect(made["changes"]?.array?.allSatisfy { $0["id"]?.string != nil } == true)
    let second = await world.run("--sandbox plans seed --json")
    #expect(
      try JSON(parsing: second.output).compact == #"{"changes":[],"applied":0,"conflicts":[]}"#)
  }

  @Test func csvHasARowForEachChange() async throws {
    let world = try shop("api")
    let changes = try JSON(parsing: await world.run("--sandbox plans diff --json").output)[
      "changes"]
    let csv = await world.run("--sandbox plans diff --format csv").output.split(separator: "\r\n")
    #expect(csv.first == "action,object,id,lookup_key,plan,detail")
    #expect(csv.count == (changes?.array?.count ?? 0) + 1)
    #expect(csv.dropFirst().allSatisfy { $0.hasPrefix("create,") })
  }

  @Test func aDryRunSendsNothing() async throws {
    let world = try shop("api")
    let result = await world.run("--sandbox plans seed --dry-run --json")
    let report = try JSON(parsing: result.output)
    #expect(report.object?.keys == ["dry_run", "requests", "changes", "preview"])
    #expect(
      report[at: "requests", "0"]?.compact == """
        {"method":"POST","path":"/v1/products","params":{"id":"api_pro","name":"Pro",\
        "metadata":{"billing_catalogue":"api","billing_plan":"pro"}}}
        """)
    let after = await world.run("--sandbox plans diff --check")
    #expect(after.exit == .partial)
  }

  @Test func pruningNeedsAYes() async throws {
    let world = try shop("api")
    let result = await world.run("--sandbox plans seed --prune")
    #expect(result.exit == .usage)
    #expect(
      result.errors.hasPrefix(
        "error: not confirmed: seed Stripe and archive what the catalogue api no longer has\n"),
      "\(result.errors)")
    #expect(await world.run("--sandbox plans seed --prune --yes").exit == .done)
  }

  @Test func aLiveKeyNeedsItsOption() async throws {
    let result = await (try shop()).run(
      "plans seed", environment: ["STRIPE_SECRET_KEY": "sk_live_0123456789abcdefghij"],
      transport: ScriptedTransport([]))
    #expect(result.exit == .usage)
    #expect(result.errors.contains("--live is missing"))
  }

  @Test(arguments: ["plans diff", "plans seed"])
  func withoutAKey(_ line: String) async throws {
    let result = await (try shop()).run(line + " --json")
    #expect(result.exit == .configuration)
    #expect(result.errors.contains(#""code":"missing_key""#))
  }
}

@Suite(.tags(.unit)) struct PlansPageTests {
  @Test func nothingFromOutsideCanLeaveItsElement() throws {
    let hostile = #"<script>alert('x')</script> & "y""#
    let yaml = """
      version: 1
      currency: usd
      default_plan: free
      business: { name: '<b>Shop</b>' }
      plans:
        - { id: free, name: Free, rank: 0, features: { support: "<i>none</i>" } }
        - id: pro
          name: |-
            \(hostile)
          description: |-
            \(hostile)
          rank: 1
          prices: [{ interval: month, unit_amount: 1900 }, { interval: year, unit_amount: 19000 }]
      packages:
        - { id: small, name: "<u>Small</u>", description: "<s>x</s>", tokens: 1000, unit_amount: 500 }
      """
    let page = PricingPage(try Catalogue(yaml: yaml, file: "plans.yaml")).html
    for tag in ["<script", "<b>", "<i>", "<u>", "<s>"] { #expect(!page.contains(tag)) }
    #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot;"))
    #expect(page.contains(">&lt;i&gt;none&lt;/i&gt;</td>"))
    #expect(page.contains("<p class=\"price for-month\"><strong>$19.00</strong> a month</p>"))
    #expect(page.contains("<p class=\"price for-year\"><strong>$190.00</strong> a year</p>"))
    #expect(page.contains("<p class=\"small good for-year\">saves $38.00 a year</p>"))
    #expect(!page.contains("for-month\">saves"))
    #expect(page.contains("<p class=\"price\"><strong>Free</strong></p>"))
    #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("url("))
  }

  @Test func anExistingPageIsReplacedAndADryRunWritesNone() async throws {
    let world = try shop("allthrive")
    #expect(
      await world.run("plans page --html page.html --dry-run")
        == TestWorld.Result(
          exit: .done,
          output: """
            Would write  page.html
            Bytes        6079

            A dry run: nothing was written.

            """, errors: ""))
    #expect(!world.exists("page.html"))
    try world.write("old", to: "page.html")
    #expect(await world.run("plans page --html page.html").exit == .done)
    #expect(try world.text(of: "page.html").hasPrefix("<!doctype html>"))
  }

  @Test(arguments: [
    ("", "--html is missing: --html FILE says where to write the page"),
    (" --html", "--html needs a value"), (" --html=", "--html is empty"),
  ])
  func withoutAFile(_ words: String, _ message: String) async throws {
    let result = await (try shop()).run("plans page" + words)
    #expect(result.exit == .usage)
    #expect(result.errors == "error: \(message); see billing plans page --help\n")
  }

  @Test(arguments: ["", " --dry-run"])
  func aDirectoryIsNoFile(_ option: String) async throws {
    let result = await (try shop()).run("plans page --html ." + option)
    #expect(result.exit == .usage)
    #expect(result.errors == "error: .: is a directory\nhint: name a file\n")
  }
}

@Suite(.tags(.unit)) struct PlansSeedTests {
  /// A server that answers lists with nothing and refuses writes.
  private struct Refusing: Transport {
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
      if request.method == .get {
        let isList = !request.url.contains("/v1/coupons/")
        return HTTPResponse(
          status: isList ? 200 : 404,
          body: Array(
            (isList ? #"{"data":[],"has_more":false}"# : #"{"error":{"type":"x","message":"y"}}"#)
              .utf8))
      }
      return HTTPResponse(
        status: 400,
        body: Array(#"{"error":{"type":"invalid_request_error","message":"No."}}"#.utf8))
    }
  }

  @Test func aPartThatFailsIsExit10() async throws {
    let result = await (try shop("api")).run(
      "plans seed", environment: ["STRIPE_SECRET_KEY": "sk_test_0123456789abcdefghij"],
      transport: Refusing())
    #expect(result.exit == .partial)
    #expect(result.output.hasSuffix("0 of 13 carried out.\n"))
    #expect(
      result.errors.split(separator: "\n").suffix(2) == [
        "error: 13 of 13 changes failed", "hint: run it again: what is done is not done twice",
      ])
    #expect(result.errors.contains("warning: create product api_pro: No.\n"))
    #expect(
      result.errors.contains(
        "warning: create price api_pro_month: product api_pro could not be made\n"))
  }

  @Test func aConflictIsExit10() async throws {
    let world = try shop()
    #expect(await world.run("--sandbox plans seed").exit == .done)
    let text = try world.text(of: "plans.yaml")
    try world.write(
      text.replacing("aggregation: last", with: "aggregation: sum"), to: "plans.yaml")
    let diff = await world.run("--sandbox --quiet plans diff --check")
    #expect(diff.exit == .partial)
    #expect(diff.output.hasPrefix("conflict: meter billing_storage_mb: "), "\(diff.output)")
    let result = await world.run("--sandbox plans seed")
    #expect(result.exit == .partial)
    #expect(result.errors.hasSuffix("error: 1 conflict needs a decision\n"))
  }
}
