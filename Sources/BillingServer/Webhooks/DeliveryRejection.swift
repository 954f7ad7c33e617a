import Stripe

/// Why a delivery was not taken; the raw value stands in answers, metrics and the log.
enum DeliveryRejection: String, Sendable, CaseIterable {
  case noSignature = "no_signature"
  case malformedSignature = "malformed_signature"
  case wrongSignature = "wrong_signature"
  case tooOld = "too_old"
  case tooNew = "too_new"
  /// It was signed, and yet is no event.
  case notAnEvent = "not_an_event"
  case tooLarge = "too_large"
  /// It could not be kept, and should come again.
  case notKept = "not_kept"

  init(_ error: SignatureError) {
    self =
      switch error {
      case .malformedHeader: .malformedSignature
      case .noSignature: .noSignature
      case .mismatch, .noSecret, .tolerance: .wrongSignature
      case .tooOld: .tooOld
      case .tooNew: .tooNew
      }
  }

  /// The status of its answer. Stripe delivers again whatever is not 2xx.
  var status: Int {
    switch self {
    case .noSignature, .malformedSignature, .wrongSignature, .tooOld, .tooNew, .notAnEvent: 400
    case .tooLarge: 413
    case .notKept: 503
    }
  }
}
