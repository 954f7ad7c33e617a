import Basics
import Testing

@testable import StripeSandbox

@Suite struct SandboxClockTests {
  @Test(.tags(.unit)) func advancedOverHTTP() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    let answer = world.stripe.post("/sandbox/advance", "duration=1 month 2h")
    let now = TestSandbox.start + 30 * 86_400 + 7200
    #expect(answer.body == ["object": "sandbox.clock", "now": .time(now)])
    #expect(try world.stripe.eventTypes().last == "invoice.payment_succeeded")
    #expect(world.stripe.get("/sandbox/clock")["now"] == .time(now))
    #expect(world.latestInvoice(world.subscription(subscription.id))["status"] == "paid")
    try world.pass(hours: 1)
    #expect(world.stripe.get("/sandbox/clock")["now"] == .time(now + 3600))
  }

  @Test(.tags(.unit)) func advanced() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    var moments: [Timestamp] = []
    let now = try world.stripe.sandbox.advance(by: TimeSpan(months: 12)) { moments.append($0) }
    #expect(now == TestSandbox.start + 365 * 86_400)
    #expect(moments.last == now)
    #expect(moments == moments.sorted())
    #expect(
      world.stripe.get("/v1/invoices", "subscription=\(subscription.id)&limit=100").ids.count == 13)
  }

  @Test(
    .tags(.unit),
    arguments: ["", "x", "-1 day", "0s", "3", "121 months", "11 years", "1.5 days"])
  func refused(duration: String) throws {
    let stripe = try TestSandbox()
    let refused = stripe.post("/sandbox/advance", "duration=\(duration)")
    #expect(refused.status == 400)
    #expect(refused["error", "param"] == "duration")
    #expect(stripe.get("/sandbox/clock")["now"] == .time(TestSandbox.start))
  }

  @Test(.tags(.unit)) func refusedSpans() throws {
    let sandbox = try TestSandbox().sandbox
    #expect(throws: SandboxAdvanceError.notForward) { try sandbox.advance(by: TimeSpan()) }
    #expect(throws: SandboxAdvanceError.notForward) {
      try sandbox.advance(by: TimeSpan(seconds: -5))
    }
    #expect(throws: SandboxAdvanceError.tooFar) {
      try sandbox.advance(by: TimeSpan(months: 121))
    }
    #expect(try sandbox.advance(by: TimeSpan(months: 120)) > TestSandbox.start)
  }
}
