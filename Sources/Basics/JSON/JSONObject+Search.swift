extension JSONObject {
  /// The keys of those members that are objects themselves.
  package var keysOfObjects: [String] {
    withMembers { keys, values in
      var found: [String] = []
      for index in values.indices {
        if case .object = values[index] { found.append(keys[index]) }
      }
      return found
    }
  }

  /// Whether it has a member of one of these names, or an object within it has.
  func hasMember(named names: [String]) -> Bool {
    hasKey(among: names) || hasMemberWithin(named: names)
  }

  /// Most values are neither objects nor arrays, and are passed by where they are.
  private func hasMemberWithin(named names: [String]) -> Bool {
    withValues { values in
      for index in values.indices {
        switch values[index] {
        case .object(let object): if object.hasMember(named: names) { return true }
        case .array(let elements):
          if elements.contains(where: { $0.hasMember(named: names) }) { return true }
        default: continue
        }
      }
      return false
    }
  }
}
