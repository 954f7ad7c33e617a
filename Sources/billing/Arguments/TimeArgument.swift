import Basics

/// A time as it was given: a moment, or a span that counts from now.
enum TimeArgument: Sendable, Hashable {
  case moment(Timestamp)
  case span(TimeSpan)

  init?(parsing text: String) {
    if text == "now" {
      self = .span(TimeSpan())
    } else if let moment = Timestamp(parsing: text) {
      self = .moment(moment)
    } else if let span = TimeSpan(parsing: text) {
      self = .span(span)
    } else {
      return nil
    }
  }

  /// For `--since`, `--until`, `--at`: a span counts backwards.
  func before(_ now: Timestamp) -> Timestamp {
    switch self {
    case .moment(let moment): moment
    case .span(let span): now - span
    }
  }

  /// For what lies ahead (`pause --until`, `--expires`): a span counts forwards.
  func after(_ now: Timestamp) -> Timestamp {
    switch self {
    case .moment(let moment): moment
    case .span(let span): now + span
    }
  }
}
