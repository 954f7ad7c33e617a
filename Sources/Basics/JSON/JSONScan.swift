private import Foundation

/// Finds where a JSON value ends by its brackets and quotes alone.
enum JSONScan {
  enum Outcome {
    /// Behind the value.
    case end(Int)
    /// The object has a list in `data`, whose bracket is here.
    case list(Int)
    /// The bytes end before the value does.
    case unfinished
    case broken(String)
  }

  static func value(in bytes: [UInt8], from start: Int) -> Outcome {
    bytes.withUnsafeBufferPointer { Scanner(bytes: $0).run(from: start, isInside: false) }
  }

  /// What is left of an object from one of its commas on.
  static func rest(ofObjectIn bytes: [UInt8], from start: Int) -> Outcome {
    bytes.withUnsafeBufferPointer { Scanner(bytes: $0).run(from: start, isInside: true) }
  }

  /// How many lines end within a range.
  static func lineEnds(in bytes: [UInt8], _ range: Range<Int>) -> Int {
    bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return 0 }
      var (count, next) = (0, start + range.lowerBound)
      let end = start + range.upperBound
      while let found = memchr(next, 0x0A, end - next) {
        count += 1
        next = UnsafeRawPointer(found) + 1
      }
      return count
    }
  }

  static func scalar(in bytes: [UInt8], from start: Int) -> Outcome {
    bytes.withUnsafeBufferPointer { bytes in
      if bytes[start] == UInt8(ascii: "\"") {
        return Scanner(bytes: bytes).string(from: start)
      }
      var index = start
      while index < bytes.count {
        switch bytes[index] {
        case UInt8(ascii: ","), UInt8(ascii: "]"), 0x20, 0x09, 0x0A, 0x0D:
          return index > start ? .end(index) : .broken("unexpected character")
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "}"), UInt8(ascii: "\""):
          return .broken("unexpected character")
        default: index += 1
        }
      }
      return .unfinished
    }
  }
}

private struct Scanner {
  let bytes: UnsafeBufferPointer<UInt8>

  /// - Parameter isInside: whether an object is open already; its `data` has then been seen.
  func run(from start: Int, isInside: Bool) -> JSONScan.Outcome {
    var index = start
    var depth = isInside ? 1 : 0
    // A bit for each open bracket, the innermost lowest: set for an array.
    var arrays: UInt128 = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        guard case .end(let end) = string(from: index) else { return string(from: index) }
        if depth == 1, !isInside, arrays & 1 == 0, isData(index..<end) {
          switch listStart(from: end) {
          case .end: break
          case let found: return found
          }
        }
        index = end
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard index == start || mayOpen(at: index) else { return .broken("the value does not end") }
        guard depth < JSON.maximumDepth else { return .broken("nested too deeply") }
        depth += 1
        arrays = arrays << 1 | (bytes[index] == UInt8(ascii: "[") ? 1 : 0)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard (arrays & 1 == 1) == (bytes[index] == UInt8(ascii: "]")) else {
          return .broken("brackets do not match")
        }
        depth -= 1
        arrays >>= 1
        if depth == 0 { return .end(index + 1) }
      default: break
      }
      index += 1
    }
    return .unfinished
  }

  func string(from start: Int) -> JSONScan.Outcome {
    var index = start + 1
    while true {
      index = PlainRun(in: bytes, from: index).end
      guard index < bytes.count else { return .unfinished }
      switch bytes[index] {
      case UInt8(ascii: "\""): return .end(index + 1)
      case UInt8(ascii: "\\"): index += 2
      default: return .broken("malformed string")
      }
    }
  }

  /// A value that begins at the start of a line, inside of another one, is most often the next one
  /// after one that was cut off; it is part of it only behind a colon, a comma or a bracket.
  private func mayOpen(at index: Int) -> Bool {
    guard bytes[index - 1] == 0x0A else { return true }
    var before = index - 1
    while before > 0, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[before]) { before -= 1 }
    return [UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "[")].contains(bytes[before])
  }

  private func isData(_ range: Range<Int>) -> Bool {
    range.count == 6 && bytes[range].elementsEqual("\"data\"".utf8)
  }

  /// Whether a colon and a bracket follow: a list; `end` for anything else.
  private func listStart(from end: Int) -> JSONScan.Outcome {
    var (index, hasColon) = (end, false)
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D: break
      case UInt8(ascii: ":") where !hasColon: hasColon = true
      case UInt8(ascii: "[") where hasColon: return .list(index)
      default: return .end(index)
      }
      index += 1
    }
    return .unfinished
  }
}
