import Basics

/// Collection that was paused goes on at `pause_collection[resumes_at]`.
enum SubscriptionPause {
  static func resumption(_ subscription: JSONObject) -> Timestamp? {
    subscription.object("pause_collection")?.timestamp("resumes_at")
  }

  static func resume(_ call: Call, _ subscription: JSONObject) throws {
    try call.update(
      subscription, to: subscription.setting(["pause_collection": .null]),
      event: "customer.subscription.updated")
  }
}
