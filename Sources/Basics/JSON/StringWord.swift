/// Eight bytes of a text at once. Most bytes of a string stand for themselves, and are passed by word
/// by word.
struct StringWord {
  /// How many bytes a word has.
  static let length = 8

  /// The first byte is the lowest.
  let bits: UInt64
  /// The highest bit of a byte is set for the first one at which a run of plain bytes ends: a quote,
  /// a backslash or a control character. Above it any bit may be set.
  let stops: UInt64

  /// The caller has seen to it that there are eight bytes from the index on.
  @inline(__always)
  init(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) {
    bits = Self.bits(bytes, at: index)
    // A byte that is below what is taken from it borrows, and nothing borrows below the first one.
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = bits ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let backslashes = bits ^ (ones &* UInt64(UInt8(ascii: "\\")))
    let found =
      ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
      | ((bits &- (ones &* 0x20)) & ~bits)
    stops = found & Self.highBits
  }

  /// The caller has seen to it that there are eight bytes from the index on.
  @inline(__always)
  static func bits(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt64 {
    let start = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped + index)
    return UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
  }

  /// How many plain bytes stand in front.
  @inline(__always)
  var plainCount: Int { stops.trailingZeroBitCount >> 3 }

  /// The plain bytes in front, the highest bits of which are true.
  @inline(__always)
  var plainBits: UInt64 { bits & ((stops & (0 &- stops)) &- 1) }

  static let highBits: UInt64 = 0x8080_8080_8080_8080
}

/// A run of bytes of a string that stand for themselves.
struct PlainRun {
  /// Where the byte stands at which it ends, or else the text.
  private(set) var end: Int
  private var bits: UInt64 = 0

  var isASCII: Bool { bits & StringWord.highBits == 0 }

  @inline(__always)
  init(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
    end = start
    while end <= bytes.count - StringWord.length {
      let word = StringWord(bytes, at: end)
      guard word.stops == 0 else {
        bits |= word.plainBits
        end += word.plainCount
        return
      }
      bits |= word.bits
      end += StringWord.length
    }
    while end < bytes.count, Self.isPlain(bytes[end]) {
      bits |= UInt64(bytes[end])
      end += 1
    }
  }

  @inline(__always)
  static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}
