import Basics
import BillingCore
import Stripe

/// What a change of the state database alone means, in words that stay the same: by them an
/// idempotency key that is used again is known for the same.
enum OwnMeaning {
  static func of(_ command: String, _ words: JSONObject) -> String {
    var all: JSONObject = ["command": .string(command)]
    for (name, word) in words { all[name] = word }
    return JSON.object(all).compact
  }

  /// A span stays a span, so that the same words are the same later.
  static func word(_ time: TimeArgument?) -> JSON {
    switch time {
    case nil: .null
    case .moment(let moment)?: .string(moment.iso8601)
    case .span(let span)?: word(span)
    }
  }

  static func word(_ span: TimeSpan) -> JSON {
    .string("\(span.months) months \(span.seconds) s")
  }
}

extension Context {
  /// A change of our own data, under the key of this run if one was given.
  func ownChange(_ command: String, meaning: String) -> OwnChange {
    OwnChange(command, meaning: meaning, key: settings.idempotencyKey?.text)
  }

  /// The same, in words.
  func ownChange(_ command: String, _ words: JSONObject) -> OwnChange {
    ownChange(command, meaning: OwnMeaning.of(command, words))
  }
}
