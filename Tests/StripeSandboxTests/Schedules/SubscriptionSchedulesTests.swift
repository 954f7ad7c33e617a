import Basics
import Testing

@testable import StripeSandbox

/// What is asked of schedules, and what they refuse.
@Suite struct SubscriptionSchedulesTests {
  @Test(.tags(.unit)) func fromASubscription() throws {
    let world = try ScheduleWorld()
    let subscription = world.world.subscribe(
      world.world.customer(), "items[0][price]=\(world.basic)&items[0][quantity]=2")
    let count = try world.world.eventCount()
    let schedule = world.post("", "from_subscription=\(subscription.id)&metadata[a]=b")
    #expect(schedule["status"] == "active")
    #expect(schedule["end_behavior"] == "release")
    #expect(schedule["subscription"] == .string(subscription.id))
    #expect(schedule["metadata"] == ["a": "b"])
    #expect(schedule["phases", "0", "items", "0", "price"] == .string(world.basic))
    #expect(schedule["phases", "0", "items", "0", "quantity"] == 2)
    #expect(
      schedule["current_phase"] == [
        "end_date": .time(ScheduleWorld.renewal), "start_date": .time(TestSandbox.start),
      ])
    #expect(
      try world.events(after: count) == [
        "customer.subscription.updated", "subscription_schedule.created",
      ])
    #expect(
      world.post("", "from_subscription=\(subscription.id)").error == """
        400 invalid_request_error - from_subscription: You cannot migrate a subscription that is \
        already attached to a schedule: `\(schedule.id)`.
        """)
    let expanded = world.world.checked(
      world.stripe.get("/v1/subscriptions/\(subscription.id)", "expand[]=schedule"))
    #expect(expanded["schedule", "id"] == .string(schedule.id))
  }

  /// The subscription cannot be ended past its schedule, but changed.
  @Test(
    .tags(.unit), arguments: ["cancel_at_period_end=true", "cancel_at=1800000000", "cancel_at="])
  func managed(_ parameters: String) throws {
    let world = try ScheduleWorld()
    let (subscription, schedule) = world.downgrade()
    #expect(
      world.world.update(subscription.id, parameters).error == """
        400 invalid_request_error - -: The subscription is managed by the subscription schedule \
        `\(schedule.id)`, and updating any cancelation behavior directly is not allowed. Please \
        update the schedule instead.
        """)
    #expect(world.world.update(subscription.id, "metadata[a]=b").status == 200)
    #expect(
      world.world.update(
        subscription.id,
        "items[0][id]=\(subscription.item["id"]?.string ?? "")&items[0][quantity]=2"
      ).item["quantity"] == 2)
    #expect(world.world.update(subscription.id, "_schedule=x").status == 400)
  }

  @Test(.tags(.unit)) func releasedByHand() throws {
    let world = try ScheduleWorld()
    let (subscription, schedule) = world.downgrade()
    let count = try world.world.eventCount()
    let released = world.post("/\(schedule.id)/release")
    #expect(released["status"] == "released")
    #expect(released["subscription"] == .null)
    #expect(released["released_subscription"] == .string(subscription.id))
    #expect(released["released_at"] == .time(TestSandbox.start))
    #expect(world.subscription(subscription.id)["schedule"] == .null)
    #expect(
      try world.events(after: count) == [
        "subscription_schedule.updated", "customer.subscription.updated",
        "subscription_schedule.released",
      ])
    #expect(
      world.post("/\(schedule.id)/cancel").error == """
        400 invalid_request_error - -: You cannot cancel a subscription schedule that is currently \
        in the `released` status. It must be in `not_started, active` status to be canceled.
        """)
    #expect(world.post("/\(schedule.id)/release").status == 400)
    #expect(world.post("/\(schedule.id)", "metadata[a]=b").status == 400)
    world.stripe.wait(seconds: 32 * ScheduleWorld.day)
    #expect(
      world.subscription(subscription.id).item["price"]?["id"] == .string(world.world.monthly))
  }

  /// A schedule that cancels tells its subscription when; released, it takes that back or not.
  @Test(.tags(.unit), arguments: [("", false), ("preserve_cancel_date=true", true)])
  func theEndOfASchedule(_ parameters: String, _ isKept: Bool) throws {
    let world = try ScheduleWorld()
    let subscription = world.world.subscribe(world.world.customer())
    let schedule = world.post("", "from_subscription=\(subscription.id)")
    _ = world.post("/\(schedule.id)", "end_behavior=cancel")
    #expect(world.subscription(subscription.id)["cancel_at"] == .time(ScheduleWorld.renewal))
    _ = world.post("/\(schedule.id)/release", parameters)
    let end = world.subscription(subscription.id)["cancel_at"]
    #expect(end == (isKept ? .time(ScheduleWorld.renewal) : .null))
  }

  /// Ending: what ends what, and what is told last.
  @Test(
    .tags(.unit),
    arguments: [
      ("schedule", "prorate=false&invoice_now=false"), ("schedule", ""), ("subscription", ""),
    ])
  func canceled(_ what: String, _ parameters: String) throws {
    let world = try ScheduleWorld()
    let (subscription, schedule) = world.downgrade()
    if what == "schedule" {
      #expect(world.post("/\(schedule.id)/cancel", parameters)["status"] == "canceled")
    } else {
      _ = world.stripe.delete("/v1/subscriptions/\(subscription.id)")
    }
    #expect(world.schedule(schedule.id)["status"] == "canceled")
    #expect(world.schedule(schedule.id)["canceled_at"] == .time(TestSandbox.start))
    #expect(world.subscription(subscription.id)["status"] == "canceled")
    let events = try world.stripe.eventTypes()
    let deleted = try #require(events.firstIndex(of: "customer.subscription.deleted"))
    #expect(events[deleted + 1] == "subscription_schedule.canceled")
    try world.world.checkEvents()
  }

  @Test(.tags(.unit)) func canceledBeforeItBegins() throws {
    let world = try ScheduleWorld()
    let later = TestSandbox.start + ScheduleWorld.day
    let schedule = world.post(
      "",
      """
      customer=\(world.world.customer())&start_date=\(later.seconds)&\
      phases[0][items][0][price]=\(world.basic)
      """)
    #expect(world.stripe.get("/v1/subscription_schedules", "scheduled=true").ids == [schedule.id])
    #expect(world.post("/\(schedule.id)/cancel")["status"] == "canceled")
    #expect(world.stripe.get("/v1/subscription_schedules", "scheduled=true").ids == [])
    #expect(
      world.stripe.get(
        "/v1/subscription_schedules", "canceled_at[gte]=\(TestSandbox.start.seconds)"
      ).ids == [schedule.id])
    #expect(world.stripe.get("/v1/subscription_schedules", "released_at[gte]=1").ids == [])
    world.stripe.wait(seconds: 2 * ScheduleWorld.day)
    #expect(world.stripe.get("/v1/subscriptions").ids == [])
  }

  /// What is changed in the phase that runs is changed at once.
  @Test(.tags(.unit)) func theCurrentPhaseChanged() throws {
    let world = try ScheduleWorld()
    let (subscription, schedule) = world.downgrade()
    world.stripe.wait(seconds: ScheduleWorld.day)
    let count = try world.world.eventCount()
    let phases = """
      phases[0][start_date]=\(TestSandbox.start.seconds)&\
      phases[0][end_date]=\(ScheduleWorld.renewal.seconds)&\
      phases[0][items][0][price]=\(world.world.monthly)&phases[0][items][0][quantity]=2
      """
    let changed = world.post("/\(schedule.id)", "\(phases)&proration_behavior=create_prorations")
    #expect(changed["phases"]?.array?.count == 1)
    #expect(world.subscription(subscription.id).item["quantity"] == 2)
    let events = try world.events(after: count)
    #expect(events.first == "subscription_schedule.updated")
    #expect(events.last == "customer.subscription.updated")
    #expect(events.filter { $0 == "invoiceitem.created" }.count == 2)
    #expect(
      world.post("/\(schedule.id)", phases.replacing("end_date", with: "none")).status == 400)
  }

  /// What is refused: the parameters, the parameter's name, and a part of the words.
  @Test(
    .tags(.unit),
    arguments: [
      ("phases[0][items][0][price]=BASIC", "start_date", "Missing required param"),
      ("start_date=now", "phases", "Missing required param"),
      (
        "start_date=5&phases[0][items][0][price]=BASIC", "start_date", "began before they were made"
      ),
      ("start_date=now&phases[0][items][0][price]=none", "phases[0][items][0][price]", "No such"),
      (
        "start_date=now&phases[0][items][0][price]=BASIC&phases[0][end_date]=6",
        "phases[0][end_date]", "must be after its start date"
      ),
      (
        """
        start_date=now&phases[0][items][0][price]=BASIC&phases[0][end_date]=1800000000&\
        phases[0][duration][interval]=day
        """, "phases[0][duration]", "You may only specify one"
      ),
      (
        "start_date=now&phases[0][items][0][price]=BASIC&phases[0][trial_end]=1900000000",
        "phases[0][trial_end]", "must end within the phase"
      ),
      (
        "start_date=now&phases[0][items][0][price]=BASIC&phases[0][discounts][0][coupon]=none",
        "phases[0][discounts][0][coupon]", "No such coupon"
      ),
      (
        "start_date=now&phases[0][items][0][price]=BASIC&phases[0][on_behalf_of]=x",
        "phases[0][on_behalf_of]", "does not offer"
      ),
      (
        "start_date=now&phases[0][items][0][price]=BASIC&end_behavior=renew", "end_behavior",
        "release and cancel only"
      ),
      (
        "start_date=now&phases[0][items][0][price]=BASIC&phases[0][items][1][price]=BASIC",
        "phases[0][items]", "same plan"
      ),
      ("from_subscription=SUB&end_behavior=release", "end_behavior", "if `from_subscription`"),
    ])
  func refused(_ parameters: String, _ name: String, _ words: String) throws {
    let world = try ScheduleWorld()
    let customer = world.world.customer()
    let given = parameters.replacing("BASIC", with: world.basic)
    let owner = parameters.contains("from_subscription") ? "" : "customer=\(customer)&"
    let answer = world.post("", owner + given)
    #expect(answer.status == 400)
    #expect(answer["error", "param"]?.string == name, "\(answer.error)")
    #expect(answer["error", "message"]?.string?.contains(words) == true, "\(answer.error)")
    #expect(world.stripe.get("/v1/subscription_schedules").ids == [])
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("", "missing at least one phase with a `start_date`"),
      ("phases[0][start_date]=now&", "can not modify the start date of the current phase"),
    ])
  func wrongUpdates(_ start: String, _ words: String) throws {
    let world = try ScheduleWorld()
    let (_, schedule) = world.downgrade()
    world.stripe.wait(seconds: 60)
    let answer = world.post("/\(schedule.id)", "\(start)phases[0][items][0][price]=\(world.basic)")
    #expect(answer.status == 400)
    #expect(answer["error", "message"]?.string?.contains(words) == true, "\(answer.error)")
  }
}
