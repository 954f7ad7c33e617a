import Basics

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
