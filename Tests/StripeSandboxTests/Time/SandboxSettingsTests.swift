import Basics
import Testing

@testable import StripeSandbox

@Suite struct SandboxSettingsTests {
  private let usual: JSON = [
    "object": "sandbox.settings", "retry_days": [3, 5, 7], "after_retries": "cancel",
  ]

  @Test(.tags(.unit)) func shownAndChanged() throws {
    let stripe = try TestSandbox()
    #expect(stripe.get("/sandbox/settings").body == usual)
    let changed = stripe.post("/sandbox/settings", "retry_days=1,2&after_retries=unpaid")
    #expect(
      changed.body == [
        "object": "sandbox.settings", "retry_days": [1, 2], "after_retries": "unpaid",
      ])
    #expect(stripe.get("/sandbox/settings").body == changed.body)
    let more = stripe.post("/sandbox/settings", "retry_days[]=60&after_retries=past_due")
    #expect(more["retry_days"] == [60])
    #expect(stripe.post("/sandbox/settings", "retry_days=")["retry_days"] == [])
    #expect(stripe.get("/sandbox/settings")["after_retries"] == "past_due")
    #expect(stripe.get("/sandbox/settings")["retry_days"] == [])
  }

  @Test(
    .tags(.unit),
    arguments: [
      "retry_days=0", "retry_days=-1", "retry_days=61", "retry_days=1,2,3,4", "retry_days=x",
      "retry_days=1,,2", "retry_days[]=1.5", "after_retries=pause", "other=1",
    ])
  func refused(parameters: String) throws {
    let stripe = try TestSandbox()
    #expect(stripe.post("/sandbox/settings", parameters).status == 400)
    #expect(stripe.get("/sandbox/settings").body == usual)
  }
}
