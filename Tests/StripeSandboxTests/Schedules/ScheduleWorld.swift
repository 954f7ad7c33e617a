import Basics
import Testing

@testable import StripeSandbox

/// A world of money with a second, cheaper monthly price and short words for schedules.
struct ScheduleWorld {
  static let day: Int64 = 86_400
  /// The first renewal: a month after the start.
  static let renewal = Timestamp(1_797_760_800)

  let world: MoneyWorld
  let basic: String

  var stripe: TestSandbox { world.stripe }

  init() throws {
    world = try MoneyWorld()
    basic = MoneyWorld.price(world.stripe, world.product, 900, "month")
  }

  func post(_ path: String, _ parameters: String = "") -> Answer {
    world.checked(stripe.post("/v1/subscription_schedules\(path)", parameters))
  }

  func schedule(_ id: String) -> Answer {
    world.checked(stripe.get("/v1/subscription_schedules/\(id)"))
  }

  func subscription(_ id: String) -> Answer {
    world.checked(stripe.get("/v1/subscriptions/\(id)"))
  }

  /// A subscription to the dear price, its schedule, and the cheap one as its second phase.
  func downgrade(_ more: String = "") -> (subscription: Answer, schedule: Answer) {
    let subscription = world.subscribe(world.customer())
    let made = post("", "from_subscription=\(subscription.id)")
    let start = made["phases", "0", "start_date"]?.integer ?? 0
    let end = made["phases", "0", "end_date"]?.integer ?? 0
    let schedule = post(
      "/\(made.id)",
      """
      phases[0][start_date]=\(start)&phases[0][end_date]=\(end)&\
      phases[0][items][0][price]=\(world.monthly)&phases[0][items][0][quantity]=1&\
      phases[1][items][0][price]=\(basic)&phases[1][items][0][quantity]=1\(more)
      """)
    return (subscription, schedule)
  }

  func events(after count: Int) throws -> [String] {
    try world.events(after: count).filter { $0 != "invoice.upcoming" }
  }
}
