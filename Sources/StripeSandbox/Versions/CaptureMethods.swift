import Basics

/// 2024-04-10: a payment is captured asynchronously where nothing is said; before, at once.
enum CaptureMethods {
  static let change = VersionChange(
    since: .asynchronousCapture,
    requests: [
      RequestChange(
        "POST /v1/payment_intents", declared: [:],
        translate: { parameters, _ in
          if parameters["capture_method"] == nil { parameters["capture_method"] = "automatic" }
        })
    ])
}
