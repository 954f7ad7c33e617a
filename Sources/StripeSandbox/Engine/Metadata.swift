import Basics

extension Call {
  /// The metadata of a new object.
  func newMetadata(_ parameter: String = "metadata") throws -> JSON {
    try Metadata.merged([:], with: self[parameter], parameter: parameter)
  }

  /// An object's metadata after this call: what is given is merged, the empty string removes a
  /// key, the empty string for the whole removes all.
  func mergedMetadata(of object: JSONObject) throws -> JSON {
    try Metadata.merged(object["metadata"]?.object ?? [:], with: self["metadata"])
  }
}

/// The merge of metadata, and its limits.
enum Metadata {
  static func merged(
    _ old: JSONObject, with change: JSON?, parameter: String = "metadata"
  ) throws -> JSON {
    guard let change else { return .object(old) }
    guard let entries = change.object else { return [:] }
    var result = old
    for (key, value) in entries {
      let text = value.string ?? value.compact
      try check(key: key, value: text, parameter: parameter)
      result[key] = text.isEmpty ? nil : .string(text)
    }
    guard result.count <= 50 else {
      throw SandboxError.invalid(
        "Metadata can only have up to 50 keys; yours would have \(result.count).",
        parameter: parameter)
    }
    return .object(result)
  }

  private static func check(key: String, value: String, parameter: String) throws {
    guard key.count <= 40 else {
      throw SandboxError.invalid(
        """
        Metadata keys must be 40 characters or fewer. You can send a shorter key than '\(key)', \
        which has \(key.count).
        """, parameter: parameter)
    }
    guard !key.contains("["), !key.contains("]") else {
      throw SandboxError.invalid(
        "Metadata keys can not contain square brackets.", parameter: parameter)
    }
    guard value.count <= 500 else {
      throw SandboxError.invalid(
        """
        Metadata values can have up to 500 characters, but you passed in a value that is \
        \(value.count) characters. Invalid value: \(value)
        """, parameter: "\(parameter)[\(key)]")
    }
  }
}
