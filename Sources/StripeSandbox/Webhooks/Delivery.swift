import Basics

/// An event on its way to a webhook endpoint.
struct Delivery {
  let id: Int64
  /// The id and the type of the event.
  let event: String
  let type: String
  /// The id of the endpoint, or of a listener.
  let endpoint: String
  let body: String
  let origin: Origin
  var state = State.waiting
  var attempts = 0
  /// When it is to be sent, by the sandbox's own clock; the first time at once.
  var due = Timestamp(0)
  /// Whether it was held back until the one behind it was sent.
  var wasHeld = false

  enum Origin: String {
    case automatic
    /// Somebody asked for it.
    case resent
    /// A fault.
    case doubled
  }

  /// `failed` is given up.
  enum State: String { case waiting, delivered, failed }

  /// Whether nobody has tried to send it, and no fault has struck it.
  var isFresh: Bool { origin == .automatic && attempts == 0 && !wasHeld }

  /// The pauses before it is tried again. Stripe tries three times "over a few hours" in a sandbox
  /// and does not say when: here at once, after half an hour and after three more hours of the
  /// sandbox's clock. What somebody asked for is tried once.
  static let pausesSeconds: [Int64] = [1_800, 10_800]

  /// How long one that was handed out counts as being sent, by the machine's clock; then whoever
  /// took it must have died.
  static let takenSeconds: Int64 = 60
  /// How long one is held back at most when none comes behind it, by the machine's clock.
  static let heldSeconds: Int64 = 10

  /// What becomes of it after an attempt: anything but 2xx is a failure, redirects too.
  ///
  /// - Parameter status: nil where no answer came.
  func attempted(status: Int?, at now: Timestamp) -> Delivery {
    var next = self
    next.attempts += 1
    if let status, (200..<300).contains(status) {
      next.state = .delivered
    } else if origin == .automatic, attempts < Self.pausesSeconds.count {
      next.due = now + Self.pausesSeconds[attempts]
    } else {
      next.state = .failed
    }
    return next
  }
}
