/// The members of objects that are being read.
struct MemberStack {
  private(set) var count = 0
  private var capacity = 0
  private var members: UnsafeMutablePointer<JSONObject.Member>?

  mutating func push(_ member: JSONObject.Member) {
    if count == capacity { grow() }
    members?.advanced(by: count).initialize(to: member)
    count += 1
  }

  /// Takes those away that were pushed since there were so many.
  mutating func pop(from start: Int) -> [JSONObject.Member] {
    let length = count - start
    count = start
    return Array(unsafeUninitializedCapacity: length) { buffer, count in
      if let target = buffer.baseAddress, let members {
        target.moveInitialize(from: members + start, count: length)
      }
      count = length
    }
  }

  /// To be called when nothing is read any more, whether it was whole or not.
  func deallocate() {
    members?.deinitialize(count: count)
    members?.deallocate()
  }

  private mutating func grow() {
    let larger = max(64, capacity * 2)
    let target = UnsafeMutablePointer<JSONObject.Member>.allocate(capacity: larger)
    if let members {
      target.moveInitialize(from: members, count: count)
      members.deallocate()
    }
    (members, capacity) = (target, larger)
  }
}
