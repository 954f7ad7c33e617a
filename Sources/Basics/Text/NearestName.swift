/// The known name that someone who typed another one most likely meant.
package enum NearestName {
  /// Nil where none is near: within a third of the length, or one that starts with what was typed.
  package static func of(_ typed: String, among names: [String]) -> String? {
    let typed = typed.lowercased()
    let limit = max(1, typed.count / 3)
    let ranked = names.map { (name: $0, distance: distance(typed, $0.lowercased())) }
    if let best = ranked.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }),
      best.distance <= limit
    {
      return best.name
    }
    let minimum = typed.hasPrefix("--") ? 4 : 2
    return typed.count >= minimum ? names.sorted().first { $0.hasPrefix(typed) } : nil
  }

  /// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.
  package static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.prefix(64))
    let right = Array(right.prefix(64))
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        let cost = left[row] == right[column] ? 0 : 1
        var best = min(last[column + 1] + 1, current[column] + 1, last[column] + cost)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
