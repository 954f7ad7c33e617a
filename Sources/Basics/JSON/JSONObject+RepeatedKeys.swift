extension JSONObject {
  /// What a text said: of a key given twice the last value counts, at the place of the first.
  ///
  /// - Parameter values: the last of them are those of the keys.
  init(lastOfEachKey keys: [String], takingFrom values: inout ValueStack) {
    guard Self.hasRepeatedKey(keys) else {
      self.init(uniqueKeys: keys, takingFrom: &values)
      return
    }
    var places: [String: Int] = [:]
    var members: [(String, JSON)] = []
    for (key, value) in zip(keys, values.pop(keys.count)) {
      if let place = places[key] {
        members[place].1 = value
      } else {
        places[key] = members.count
        members.append((key, value))
      }
    }
    self.init(uniqueKeysWithValues: members)
  }

  /// Pairs are compared one by one while they are few; beyond that a set keeps the work linear.
  private static func hasRepeatedKey(_ keys: [String]) -> Bool {
    if keys.count > 64 { return Set(keys).count < keys.count }
    return keys.withUnsafeBufferPointer { keys in
      var index = 1
      while index < keys.count {
        var earlier = 0
        while earlier < index {
          if isSame(keys[earlier], keys[index]) { return true }
          earlier += 1
        }
        index += 1
      }
      return false
    }
  }
}
