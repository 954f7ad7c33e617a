import Basics
import BillingCore

struct CustomerOverview: Command {
  static let name = "customer overview"
  static let summary = "Show one customer on one screen: plan, bill, limits, card, invoices"
  static let discussion = """
    What support asks for first, from the mirror and plans.yaml, without a key and without asking
    Stripe: the plan whose rights hold, the next bill or the end, how much of each limit is used, the
    card that is charged, the last five invoices, and the plans that are for sale.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = ["customer overview ada@example.com", "customer overview user-17 --json"]

  private static let invoiceCount = 5

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> OverviewReport {
    let catalogue = try context.catalogue()
    let customer = try await context.localDirectory().customer(reference)
    let now = try context.now()
    let (picture, priceIDs) = try context.store().read {
      (
        try $0.picture(of: customer, in: catalogue, at: now, invoices: Self.invoiceCount),
        try $0.activePriceIDs()
      )
    }
    let view = OverviewView(picture: picture, catalogue: catalogue, priceIDs: priceIDs)
    if view.gate == nil, let planID = picture.current.planID {
      context.warn(VanishedPlanWords.of(planID, customers: 1) + "; its limits are not known")
    }
    return OverviewReport(view)
  }
}
