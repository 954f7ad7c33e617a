import Basics
import BillingCore

/// `billing plans validate`: whether plans.yaml can be used, else every mistake in it.
struct PlansValidate: Command {
  static let name = "plans validate"
  static let summary = "Check the catalogue and tell every mistake"
  static let discussion = """
    Reads plans.yaml, without a key. Each mistake is one line, FILE:LINE:COLUMN: MESSAGE, as editors read it;
    with --json they are the details of the error. Exit 8 when there are any. So is each mistake in
    the templates of messages, where notifications: names a folder of them.

    Where there is a database already, a plan that its customers are on and the file no longer has
    is a warning: their gates cannot be decided.
    """
  static let examples = ["plans validate", "plans validate --plans fixtures/plans/api.yaml"]

  init(parsing arguments: inout Arguments) throws(UsageError) {}

  func run(_ context: Context) async throws -> ObjectReport {
    let catalogue = try context.catalogue()
    _ = try context.messageTemplates(catalogue)
    warnOfVanishedPlans(catalogue, context)
    let file = context.shown(context.settings.plansPath)
    let counts: [(key: String, one: String, many: String, count: Int)] = [
      ("plans", "plan", "plans", catalogue.plans.count),
      ("prices", "price", "prices", catalogue.plans.reduce(0) { $0 + $1.prices.count }),
      ("meters", "meter", "meters", catalogue.meters.count),
      ("coupons", "coupon", "coupons", catalogue.coupons.count),
      ("packages", "package", "packages", catalogue.packages.count),
    ]
    var object: JSONObject = ["file": .string(file), "valid": true]
    for count in counts { object[count.key] = JSON(count.count) }
    let words = counts.filter { $0.count > 0 }.map {
      "\($0.count) \($0.count == 1 ? $0.one : $0.many)"
    }
    return ObjectReport(
      object: object,
      fields: [
        Field("Catalogue", file), Field("Valid", "yes"),
        Field("Holds", words.joined(separator: ", ")),
      ])
  }

  /// Whatever is wrong with the database is not this command's to tell.
  private func warnOfVanishedPlans(_ catalogue: Catalogue, _ context: Context) {
    let path = context.settings.databasePath
    guard Files.exists(path), let store = try? Store.open(at: path, now: context.world.now),
      let vanished = try? store.read({ try $0.vanishedPlans(catalogue) })
    else { return }
    for plan in vanished {
      context.warn(VanishedPlanWords.of(plan.planID, customers: plan.customers))
    }
  }
}
