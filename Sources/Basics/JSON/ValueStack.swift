/// The values of the objects and arrays that are being read.
struct ValueStack {
  private(set) var count = 0
  private var capacity = 0
  private var values: UnsafeMutablePointer<JSON>?

  mutating func push(_ value: JSON) {
    if count == capacity { grow() }
    values?.advanced(by: count).initialize(to: value)
    count += 1
  }

  /// Takes the last ones away.
  mutating func pop(_ length: Int) -> [JSON] {
    Array(unsafeUninitializedCapacity: length) { buffer, count in
      if let target = buffer.baseAddress { pop(length, to: target) }
      count = length
    }
  }

  /// Takes the last ones away, to where there is room for them.
  mutating func pop(_ length: Int, to target: UnsafeMutablePointer<JSON>) {
    precondition(length <= count)
    count -= length
    if let values { target.moveInitialize(from: values + count, count: length) }
  }

  /// To be called when nothing is read any more, whether it was whole or not.
  func deallocate() {
    values?.deinitialize(count: count)
    values?.deallocate()
  }

  private mutating func grow() {
    let larger = max(64, capacity * 2)
    let target = UnsafeMutablePointer<JSON>.allocate(capacity: larger)
    if let values {
      target.moveInitialize(from: values, count: count)
      values.deallocate()
    }
    (values, capacity) = (target, larger)
  }
}
