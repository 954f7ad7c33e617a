import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct GoneObjectTests {
  @Test(arguments: [
    (
      #"{"id":"sub_1","object":"subscription","status":"active","canceled_at":null}"#,
      #"{"id":"sub_1","object":"subscription","status":"canceled","canceled_at":50,"ended_at":50}"#
    ),
    (
      #"{"id":"sub_1","object":"subscription","status":"canceled","canceled_at":7,"ended_at":9}"#,
      #"{"id":"sub_1","object":"subscription","status":"canceled","canceled_at":7,"ended_at":9}"#
    ),
    (
      #"{"id":"pm_1","object":"payment_method","type":"card","customer":"cus_1"}"#,
      #"{"id":"pm_1","object":"payment_method","type":"card","customer":null}"#
    ),
    (
      #"{"id":"cus_1","object":"customer","email":"ada@example.com"}"#,
      #"{"id":"cus_1","object":"customer","deleted":true}"#
    ),
    (
      #"{"id":"sub_sched_1","object":"subscription_schedule","status":"active"}"#,
      #"{"id":"sub_sched_1","object":"subscription_schedule","status":"canceled","canceled_at":50}"#
    ),
    (#"{"id":"pi_1","object":"payment_intent","status":"succeeded"}"#, nil),
    (#"{"id":"sub_sched_1","object":"subscription_schedule","status":"released"}"#, nil),
  ])
  func whatIsLeftOfIt(_ stored: String, _ left: String?) throws {
    let gone = Snapshot.gone(try JSON(parsing: stored), asOf: Timestamp(50))
    #expect(gone.map { JSON.object($0.object).compact } == left)
    #expect(gone.map { $0.asOf } == left.map { _ in Timestamp(50) })
  }
}
