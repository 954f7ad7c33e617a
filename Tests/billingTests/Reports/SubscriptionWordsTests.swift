import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct SubscriptionWordsTests {
  private static let end: JSON = "2026-12-20T10:00:00Z"

  @Test(
    arguments: [
      ("active", [:], "Ada is on Team; the next bill comes on 2026-12-20."),
      (
        "active", ["cancel_at_period_end": true, "next_billing_date": .null],
        "Ada is on Team until 2026-12-20; billing resume takes that back."
      ),
      (
        "active", ["cancel_at": "2027-01-01T00:00:00Z", "next_billing_date": .null],
        "Ada is on Team until 2027-01-01; billing resume takes that back."
      ),
      ("trialing", [:], "Ada tries Team until 2026-12-20; the next bill comes on 2026-12-20."),
      ("past_due", ["next_billing_date": .null], "Ada is on Team."),
      (
        "active", ["pause": ["behavior": "void", "resumes_at": .null]],
        "Ada is on Team; the next bill comes on 2026-12-20, but nothing is collected."
      ),
      (
        "active", ["pause": ["behavior": "void", "resumes_at": "2027-01-01T00:00:00Z"]],
        """
        Ada is on Team; the next bill comes on 2026-12-20, but nothing is collected until 2027-01-01.
        """
      ),
      ("paused", [:], "Ada has no rights of Team while it is paused; billing resume ends that."),
      ("incomplete", [:], "Ada is on Team as soon as the first payment is made."),
      ("canceled", [:], "Ada is no longer on Team."),
      ("incomplete_expired", [:], "Ada is no longer on Team."),
      ("unpaid", [:], "Ada has no rights of Team while it is unpaid."),
      (
        "active", ["plan_name": .null, "plan": .null, "next_billing_date": .null],
        "Ada is on price_1."
      ),
    ] as [(String, JSONObject, String)])
  func howItStands(_ status: String, _ changes: JSONObject, _ sentence: String) {
    var subscription: JSONObject = [
      "status": .string(status), "plan": "team", "plan_name": "Team", "price": "price_1",
      "cancel_at_period_end": false, "cancel_at": .null, "current_period_end": Self.end,
      "next_billing_date": Self.end,
    ]
    for (key, value) in changes { subscription[key] = value }
    #expect(SubscriptionWords.of(subscription, customer: "Ada") == sentence)
  }
}
