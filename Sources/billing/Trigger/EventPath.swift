import Basics

/// A value in an event that is to be another: `data.object.amount_due=500`.
struct EventPath: Sendable, Hashable {
  let keys: [String]
  let value: String

  init?(_ text: String) {
    let (path, value) = Arguments.split(text)
    let keys = path.split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
    guard let value, !keys.contains("") else { return nil }
    (self.keys, self.value) = (keys, value)
  }

  /// Throws where the event has no such path; metadata may have any key.
  func set(in event: JSON) throws(CommandError) -> JSON {
    guard keys != ["livemode"] else {
      throw .usage("--set: an event that was made up is never live")
    }
    return try set(keys[...], in: event)
  }

  private func set(_ rest: ArraySlice<String>, in json: JSON) throws(CommandError) -> JSON {
    guard let key = rest.first else { return Self.value(value, like: json) }
    if var array = json.array, let index = Int(key), array.indices.contains(index) {
      array[index] = try set(rest.dropFirst(), in: array[index])
      return .array(array)
    }
    guard var object = json.object else { throw missing(rest, in: json) }
    let isFree = rest.count == 1 && rest.startIndex > 0 && keys[rest.startIndex - 1] == "metadata"
    guard let inner = object[key] ?? (isFree ? .string("") : nil) else {
      throw missing(rest, in: json)
    }
    object[key] = try set(rest.dropFirst(), in: inner)
    return .object(object)
  }

  private func missing(_ rest: ArraySlice<String>, in json: JSON) -> CommandError {
    let known = json.object?.keys ?? json.array.map { $0.indices.map { "\($0)" } } ?? []
    let before = keys[..<rest.startIndex]
    let nearest = NearestName.of(rest.first ?? "", among: known).map { name in
      "did you mean \((before + [name] + rest.dropFirst()).joined(separator: "."))?"
    }
    let place = before.isEmpty ? "the event" : before.joined(separator: ".")
    return .usage(
      "--set: there is no \(Arguments.quoted(keys.joined(separator: ".")))",
      hint: nearest
        ?? (known.isEmpty
          ? "\(place) has nothing in it" : "\(place) has \(known.joined(separator: ", "))"))
  }

  /// A text stays one; everything else is read as JSON where it is some.
  private static func value(_ text: String, like old: JSON) -> JSON {
    if text == "null" { return .null }
    if old.string != nil { return .string(text) }
    return (try? JSON(parsing: text)) ?? .string(text)
  }
}
