/// What a string says without its escapes, as far as it is read. The memory serves one string after
/// another.
struct UnescapedBytes {
  private static let leastCapacity = 4096

  private var start: UnsafeMutablePointer<UInt8>?
  private var capacity = 0
  private var count = 0
  private var bits: UInt64 = 0

  /// To be called when nothing is read any more.
  func deallocate() { start?.deallocate() }

  var isASCII: Bool { bits & StringWord.highBits == 0 }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  mutating func removeAll() { (count, bits) = (0, 0) }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    let target = room()
    target.pointee = byte
    bits |= UInt64(byte)
    count += 1
  }

  /// Appends the plain bytes with which the word begins.
  @inline(__always)
  mutating func append(_ word: StringWord) {
    UnsafeMutableRawPointer(room()).storeBytes(of: word.bits.littleEndian, as: UInt64.self)
    bits |= word.plainBits
    count += word.plainCount
  }

  /// Where a word can be written.
  @inline(__always)
  private mutating func room() -> UnsafeMutablePointer<UInt8> {
    if capacity - count >= StringWord.length, let start { return start + count }
    capacity = max(Self.leastCapacity, capacity * 2)
    let larger = Self.moved(start, count: count, capacity: capacity)
    start = larger
    return larger + count
  }

  /// By itself, so that the rest need not be where it can be reached from here.
  @inline(never)
  private static func moved(
    _ start: UnsafeMutablePointer<UInt8>?, count: Int, capacity: Int
  ) -> UnsafeMutablePointer<UInt8> {
    let target = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    if let start {
      target.moveInitialize(from: start, count: count)
      start.deallocate()
    }
    return target
  }
}
