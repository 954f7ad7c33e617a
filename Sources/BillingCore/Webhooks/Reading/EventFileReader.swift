import Basics

/// Reads one file, value by value.
struct EventFileReader {
  let name: String
  private let bytes: any ByteSource
  private var splitter = JSONSplitter()
  private var peeked: JSONSplitter.Piece?
  private var isAtEnd = false
  /// How many bytes were read so far.
  private(set) var length: Int64 = 0

  init(_ file: EventFile) throws {
    name = file.name
    bytes = try file.open()
  }

  /// Whether the next value need not be waited for.
  mutating func isReady() -> Bool {
    if peeked == nil { peeked = splitter.next() }
    return peeked != nil || isAtEnd || bytes.isReady
  }

  /// The next value without taking it.
  mutating func peek() throws -> JSONSplitter.Piece? {
    peeked = try next()
    return peeked
  }

  mutating func next() throws -> JSONSplitter.Piece? {
    if let piece = peeked {
      peeked = nil
      return piece
    }
    while true {
      if let piece = splitter.next() { return piece }
      guard !isAtEnd else { return nil }
      let chunk = try bytes.read()
      length += Int64(chunk.count)
      isAtEnd = chunk.isEmpty
      if isAtEnd { splitter.end() } else { splitter.append(chunk) }
    }
  }

  /// All that is left, for a signature over the whole.
  mutating func rest() throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let chunk = try bytes.read()
      length += Int64(chunk.count)
      guard !chunk.isEmpty else { return all }
      all += chunk
      guard all.count <= JSONSplitter.maximumLength else {
        throw UnreadableEvent(
          place: name, reason: "longer than \(JSONSplitter.maximumLength >> 20) MB")
      }
    }
  }
}
