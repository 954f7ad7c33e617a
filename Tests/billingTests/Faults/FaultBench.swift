import Basics
import BillingCore
import Foundation
import StripeSandbox
import Testing

@testable import billing

/// A folder with the repository's plans, a Stripe that can fail, and the program that is to cope.
struct FaultBench {
  static let key = "sk_test_neverseen42"

  let world: TestWorld
  let server: FaultServer
  var program: Executable

  /// - Parameter isSeeded: whether Stripe has the prices of the starter plan.
  init(isSeeded: Bool = true) throws {
    world = try TestWorld()
    server = try FaultServer()
    program = Executable(
      directory: world.directory,
      environment: [
        "STRIPE_API_BASE": "http://127.0.0.1:\(server.port)", "STRIPE_SECRET_KEY": Self.key,
      ])
    try FileManager.default.copyItem(
      atPath: Repository.root + "/plans.yaml", toPath: world.directory + "/plans.yaml")
    if isSeeded { try seed() }
  }

  /// What an error said, and how the program ended.
  struct Failure: Equatable {
    var exit: Int32
    var code: String?
  }

  struct Result {
    var exit: Int32
    /// The object on standard output.
    var json: JSON?
    var error: JSON?
    var output: String
    var errors: String

    var failure: Failure { Failure(exit: exit, code: error?["code"]?.string) }
  }

  /// Runs the program with `--json`, without retries unless asked for.
  func run(_ line: String, retries: Int = 0) throws -> Result {
    result(try program.run("\(line) --json --max-retries \(retries)"))
  }

  func result(_ result: Executable.Result) -> Result {
    // A program that is measured for coverage may add lines of its own after the error.
    let last =
      result.errors.split(separator: "\n").last { $0.hasPrefix("{") }.map { String($0) } ?? ""
    return Result(
      exit: result.status, json: try? JSON(parsing: Array(result.output.utf8)),
      error: (try? JSON(parsing: Array(last.utf8)))?["error"], output: result.output,
      errors: result.errors)
  }

  /// Starts the program without waiting for it.
  func start(_ line: String) throws -> (process: Process, output: Pipe, errors: Pipe) {
    let (output, errors) = (Pipe(), Pipe())
    let process = try program.start(
      "\(line) --json --max-retries 0".split(separator: " ").map { String($0) }, output: output,
      errors: errors)
    return (process, output, errors)
  }

  /// Waits for a program that was started.
  func finish(_ running: (process: Process, output: Pipe, errors: Pipe)) -> Result {
    let output = running.output.fileHandleForReading.readDataToEndOfFile()
    let errors = running.errors.fileHandleForReading.readDataToEndOfFile()
    running.process.waitUntilExit()
    return result(
      Executable.Result(
        status: running.process.terminationStatus, output: String(decoding: output, as: UTF8.self),
        errors: String(decoding: errors, as: UTF8.self)))
  }

  // MARK: What there is

  /// The objects of a list, as the sandbox itself knows them.
  func objects(_ list: String) throws -> [JSON] {
    let mark = list.contains("?") ? "&" : "?"
    return try ask("GET", "/v1/\(list)\(mark)limit=100")["data"]?.array ?? []
  }

  /// How many operations wait to be settled.
  func unsettled() throws -> Int {
    guard world.exists("billing.db") else { return 0 }
    return try store().read { try $0.unsettledOperations().count }
  }

  func store() throws -> BillingCore.Store {
    try Store.open(at: world.directory + "/billing.db", now: Timestamp.systemNow)
  }

  /// Asks the sandbox past all faults. Throws where it refuses.
  @discardableResult
  func ask(_ method: String, _ target: String, _ form: String = "") throws -> JSON {
    let answer = server.sandbox.respond(
      to: SandboxRequest(
        method: method, target: target,
        headers: [
          ("Authorization", "Bearer \(Self.key)"),
          ("Content-Type", "application/x-www-form-urlencoded"),
        ], body: Array(form.utf8)))
    let json = try JSON(parsing: answer.body)
    try #require(answer.status == 200, "\(method) \(target): \(json.compact)")
    return json
  }

  /// A customer to work with, made without the program.
  @discardableResult
  func customer(_ email: String = "ada@example.com") throws -> String {
    try #require(try ask("POST", "/v1/customers", "email=\(email)")["id"]?.string)
  }

  /// What `plans seed` makes of the starter plan by the month.
  private func seed() throws {
    try ask("POST", "/v1/products", "id=prod_starter&name=CODITECT+Starter")
    let price = "product=prod_starter&currency=usd&recurring[interval]=month"
    try ask("POST", "/v1/prices", "\(price)&unit_amount=1900&lookup_key=billing_starter_month")
    for (meter, amount) in [("ai_requests", 1), ("storage_mb", 5)] {
      let made = try ask(
        "POST", "/v1/billing/meters",
        "display_name=\(meter)&event_name=\(meter)&default_aggregation[formula]=sum")
      try ask(
        "POST", "/v1/prices",
        """
        \(price)&recurring[usage_type]=metered&recurring[meter]=\(made["id"]?.string ?? "")\
        &billing_scheme=tiered&tiers_mode=graduated&tiers[0][up_to]=1000&tiers[0][unit_amount]=0\
        &tiers[1][up_to]=inf&tiers[1][unit_amount_decimal]=\(amount)\
        &lookup_key=billing_starter_overage_\(meter)_month
        """)
    }
  }
}
