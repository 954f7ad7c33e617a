/// Cuts a stream of bytes into the JSON values in it without reading them, so that a file of any
/// size needs the memory of its longest value.
///
/// Values may stand one after another, one a line or over many lines, in an array, or in the `data`
/// of a list object; arrays and lists may stand in one another. What is no JSON costs as little as
/// can be: cutting goes on at the next line that begins as the broken value did.
package struct JSONSplitter: Sendable {
  /// What was found.
  package struct Piece: Sendable, Hashable {
    /// The bytes of a value, which may still be no JSON inside; nil where none could be cut out.
    package let bytes: [UInt8]?
    /// Why there is none.
    package let reason: String?
    /// Where it begins, counted from 1.
    package let line: Int
    /// The how manieth piece it is.
    package let number: Int
    /// Whether nothing of what comes after it could be made out either.
    package let isLast: Bool
  }

  /// What some programs write before a text.
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  /// A longer value is refused.
  package static let maximumLength = 16 << 20

  private enum Container: Sendable {
    case array
    /// An object from whose `data` the values come.
    case list
    /// What is left of such an object after its `data`.
    case listRest
  }

  /// Where a line that a value may be looked for at has it: behind the same blanks.
  private typealias Indentation = [UInt8]

  private var buffer: [UInt8] = []
  private var position = 0
  private var isEnded = false
  private var isOver = false
  private var line = 1
  private var count = 0
  private var containers: [Container] = []
  /// Whether a value of the innermost container has just ended.
  private var needsComma = false
  private var isAtStart = true
  /// Whether the blanks before the value are behind.
  private var isAtValue = false
  /// The blanks before the value, where nothing else stands before it on its line.
  private var indentation: Indentation?
  private var skipping: Indentation?

  package init() {}

  package mutating func append(_ bytes: [UInt8]) {
    buffer.removeSubrange(..<position)
    position = 0
    buffer += bytes
  }

  /// Says that no bytes follow.
  package mutating func end() { isEnded = true }

  /// The next piece; nil where more bytes are needed, and at the end.
  package mutating func next() -> Piece? {
    while !isOver {
      if let indentation = skipping {
        guard skip(to: indentation) else { return nil }
      }
      switch step() {
      case .again: continue
      case .waiting: return nil
      case .piece(let piece): return piece
      }
    }
    return nil
  }

  private enum Step {
    case again, waiting
    case piece(Piece)
  }

  private mutating func step() -> Step {
    guard skipBlanks() else { return ended() }
    let indentation = indentation
    if containers.last == .listRest { return leaveList() }
    let byte = buffer[position]
    if let container = containers.last {
      if byte == UInt8(ascii: "]") {
        consume(to: position + 1)
        containers[containers.count - 1] = .listRest
        if container == .array { leave() }
        return .again
      }
      if needsComma {
        guard byte == UInt8(ascii: ",") else {
          return broken("a comma is missing", indentation)
        }
        consume(to: position + 1)
        needsComma = false
        return .again
      }
    }
    switch byte {
    case UInt8(ascii: "["): return enter(.array, at: position, indentation)
    case UInt8(ascii: "{"): return value(indentation)
    default: return containers.isEmpty ? otherLine() : scalar(indentation)
    }
  }

  /// The bytes are used up.
  private mutating func ended() -> Step {
    guard isEnded else { return .waiting }
    isOver = true
    guard !containers.isEmpty else { return .waiting }
    return .piece(failure("the text ends too early", isLast: true))
  }

  // MARK: Values

  private mutating func value(_ indentation: Indentation?) -> Step {
    switch JSONScan.value(in: buffer, from: position) {
    case .end(let end) where end - position > Self.maximumLength:
      return broken(Self.tooLong, indentation)
    case .end(let end): return .piece(taken(to: end))
    case .list(let start): return enter(.list, at: start, indentation)
    case .broken(let reason): return broken(reason, indentation)
    case .unfinished: return unfinished(indentation)
    }
  }

  /// A text, a number or a word in an array: no event, but no reason to stop either.
  private mutating func scalar(_ indentation: Indentation?) -> Step {
    switch JSONScan.scalar(in: buffer, from: position) {
    case .end(let end): return .piece(taken(to: end))
    case .broken(let reason): return broken(reason, indentation)
    case .unfinished, .list: return unfinished(indentation)
    }
  }

  private mutating func unfinished(_ indentation: Indentation?) -> Step {
    if isEnded { return broken("the text ends too early", indentation) }
    guard buffer.count - position > Self.maximumLength else { return .waiting }
    return broken(Self.tooLong, indentation)
  }

  private static let tooLong = "longer than \(maximumLength >> 20) MB"

  private mutating func taken(to end: Int) -> Piece {
    count += 1
    let piece = Piece(
      bytes: Array(buffer[position..<end]), reason: nil, line: line, number: count, isLast: false)
    consume(to: end)
    needsComma = !containers.isEmpty
    return piece
  }

  private mutating func enter(
    _ container: Container, at start: Int, _ indentation: Indentation?
  ) -> Step {
    guard containers.count < JSON.maximumDepth else { return broken("nested too deeply", nil) }
    containers.append(container)
    needsComma = false
    consume(to: start + 1)
    return .again
  }

  private mutating func leave() {
    containers.removeLast()
    needsComma = !containers.isEmpty
  }

  private mutating func leaveList() -> Step {
    switch JSONScan.rest(ofObjectIn: buffer, from: position) {
    case .end(let end):
      consume(to: end)
      leave()
      return .again
    case .broken(let reason): return broken(reason, nil)
    case .unfinished, .list: return unfinished(nil)
    }
  }

  // MARK: What is no value

  /// A line between values: of a program that prints events and what it does with them, or broken.
  private mutating func otherLine() -> Step {
    guard let end = buffer[position...].firstIndex(of: 0x0A) ?? (isEnded ? buffer.count : nil)
    else { return unfinished([]) }
    let text = buffer[position..<end]
    if Self.isLogged(text) {
      consume(to: end)
      return .again
    }
    let piece = failure("no JSON", isLast: false)
    consume(to: end)
    return .piece(piece)
  }

  /// What `stripe listen` prints beside the events: `--> invoice.paid [evt_1]`, `> Ready! …`.
  private static func isLogged(_ line: ArraySlice<UInt8>) -> Bool {
    let text = String(decoding: line.prefix(400), as: UTF8.self)
    let isArrow = (text.contains("--> ") || text.contains("<-- ")) && text.contains("[")
    return isArrow
      || ["> Ready!", "Ready!", "Getting ready", "Checking for new versions", "A newer version of"]
        .contains { text.hasPrefix($0) }
  }

  private mutating func broken(_ reason: String, _ indentation: Indentation?) -> Step {
    let piece = failure(reason, isLast: indentation == nil)
    skipping = indentation
    if indentation == nil { isOver = true }
    return .piece(piece)
  }

  private mutating func failure(_ reason: String, isLast: Bool) -> Piece {
    count += 1
    return Piece(bytes: nil, reason: reason, line: line, number: count, isLast: isLast)
  }

  /// Goes on at the next line on which a value begins behind these blanks; false where more bytes
  /// are needed.
  private mutating func skip(to indentation: Indentation) -> Bool {
    var index = position
    while let lineEnd = buffer[index...].firstIndex(of: 0x0A) {
      let start = lineEnd + 1
      let first = start + indentation.count
      guard first < buffer.count else {
        if isEnded { break }
        consume(to: lineEnd)
        return false
      }
      if buffer[first] == UInt8(ascii: "{") || buffer[first] == UInt8(ascii: "["),
        buffer[start..<first].elementsEqual(indentation)
      {
        consume(to: start)
        (skipping, needsComma) = (nil, false)
        return true
      }
      index = start
    }
    consume(to: buffer.count)
    isOver = isEnded
    return false
  }

  // MARK: Bytes

  private mutating func consume(to end: Int) {
    line += JSONScan.lineEnds(in: buffer, position..<end)
    isAtValue = isAtValue && end == position
    position = end
  }

  /// Goes to the next byte that is no blank, and notes what the line begins with; false where there
  /// is none.
  private mutating func skipBlanks() -> Bool {
    guard !isAtValue else { return true }
    var index = position
    var lineStart = isAtStart ? index : nil
    if isAtStart, buffer[index...].starts(with: Self.byteOrderMark.prefix(buffer.count - index)) {
      guard isEnded || buffer.count - index >= Self.byteOrderMark.count else { return false }
      index += min(Self.byteOrderMark.count, buffer.count - index)
      lineStart = index
    }
    while index < buffer.count {
      switch buffer[index] {
      case 0x0A: lineStart = index + 1
      case 0x20, 0x09, 0x0D: break
      default:
        indentation = lineStart.map { Array(buffer[$0..<index]) }
        isAtStart = false
        consume(to: index)
        isAtValue = true
        return true
      }
      index += 1
    }
    // The last line's blanks stay until it is seen what they stand before.
    if let lineStart, lineStart > position, !isAtStart { consume(to: lineStart - 1) }
    return false
  }
}
