/// What an object's memory begins with.
struct MemberHeader {
  /// An array by itself, since objects of one kind share it.
  var keys: [String]
  /// How many keys there are.
  var count: Int
  let capacity: Int
}

/// The memory of an object: its keys and, behind one another, as many values. It is one piece, so
/// that handing an object on costs as little as can be.
final class MemberStorage: ManagedBuffer<MemberHeader, JSON> {
  /// `nonisolated(unsafe)`: there is always more than one who holds it, so nobody changes it.
  nonisolated(unsafe) static let empty = MemberStorage.make(keys: [], capacity: 0)

  /// One that has the keys and not yet the values: the caller puts them there at once.
  static func make(keys: [String], capacity: Int) -> MemberStorage {
    let made = create(minimumCapacity: capacity) { _ in
      MemberHeader(keys: keys, count: keys.count, capacity: capacity)
    }
    return unsafeDowncast(made, to: MemberStorage.self)
  }

  /// One with the same members and perhaps more room.
  func copied(capacity: Int) -> MemberStorage {
    let copy = MemberStorage.make(keys: start.pointee.keys, capacity: capacity)
    copy.values.initialize(from: values, count: count)
    return copy
  }

  deinit { values.deinitialize(count: count) }

  /// Where the memory begins. Through it, since a look at `header` is watched over at run time.
  @inline(__always)
  var start: UnsafeMutablePointer<MemberHeader> { withUnsafeMutablePointerToHeader { $0 } }

  /// Where the values stand; good for as long as the object is held.
  @inline(__always)
  var values: UnsafeMutablePointer<JSON> { withUnsafeMutablePointerToElements { $0 } }

  @inline(__always)
  var count: Int { start.pointee.count }

  func append(_ key: String, _ value: JSON) {
    (values + count).initialize(to: value)
    start.pointee.keys.append(key)
    start.pointee.count += 1
  }

  func remove(at index: Int) {
    let removed = values + index
    removed.deinitialize(count: 1)
    removed.moveInitialize(from: removed + 1, count: count - index - 1)
    start.pointee.keys.remove(at: index)
    start.pointee.count -= 1
  }
}
