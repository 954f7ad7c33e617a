import Basics

/// Usage in a file, as JSON lines or CSV, read piece by piece: while one piece is written down, the
/// next is read.
package actor UsageFile {
  package enum Format: Sendable, Hashable {
    case lines, csv
  }

  /// How many bytes make the first piece, and how many the longest ones. The first is short, so that
  /// it is soon there to be written down; of longer ones fewer totals and pages are written.
  package static let pieceLengths = (4 << 20)...(32 << 20)
  /// How long a line may be.
  private static let maximumLine = 1 << 20

  /// As people call it.
  package nonisolated let name: String
  private let open: @Sendable () throws -> any ByteSource
  private var bytes: (any ByteSource)?
  private let isForbidden: @Sendable (String) -> Bool
  private var format: Format?
  private var header: UsageHeader?
  private var pieceLength: Int
  private let maximumPiece: Int
  private var collector = UsageCollector()
  private var rest: [UInt8] = []
  private var lineNumber = 1
  private var isAtEnd = false

  /// - Parameter format: nil where the first character tells.
  /// - Parameter isForbidden: whether a text must not be kept, whatever it is for.
  package init(
    name: String, format: Format?, pieceLengths: ClosedRange<Int> = UsageFile.pieceLengths,
    isForbidden: @escaping @Sendable (String) -> Bool,
    open: @escaping @Sendable () throws -> any ByteSource
  ) {
    self.name = name
    self.format = format
    pieceLength = pieceLengths.lowerBound
    maximumPiece = pieceLengths.upperBound
    self.isForbidden = isForbidden
    self.open = open
  }

  /// The lines that follow; nil at the end. Throws `UnreadableUsage` where the file is not what it
  /// should be, and what reading throws.
  package func next() throws -> UsagePiece? {
    while true {
      let piece = try cut()
      guard !piece.isEmpty else { return nil }
      let format = try format ?? Self.format(of: piece, name)
      self.format = format
      switch format {
      case .lines: readLines(piece)
      case .csv: try readRecords(piece)
      }
      if !collector.isEmpty || isAtEnd {
        return collector.piece(of: piece, header: header?.line)
      }
    }
  }

  private static func format(of bytes: [UInt8], _ name: String) throws(UnreadableUsage) -> Format {
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return first == UInt8(ascii: "{") ? .lines : .csv
  }

  /// Whole lines, as many as make a piece, or as there are where one would have to wait for more.
  private func cut() throws -> [UInt8] {
    let bytes = try bytes ?? open()
    self.bytes = bytes
    var end = 0
    while true {
      if rest.count >= pieceLength || isAtEnd || (!rest.isEmpty && !bytes.isReady) {
        end = isAtEnd ? rest.count : lastLineEnd()
        if end > 0 || isAtEnd { break }
        guard rest.count < maximumPiece else {
          throw UnreadableUsage(name: name, line: lineNumber, reason: "the line does not end")
        }
        lengthenPieces()
      }
      let chunk = try bytes.read()
      if chunk.isEmpty { isAtEnd = true } else { rest += chunk }
      if lineNumber == 1, rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest.removeFirst(3) }
    }
    lengthenPieces()
    var piece = rest
    rest = Array(piece[end...])
    piece.removeSubrange(end...)
    return piece
  }

  private func lengthenPieces() { pieceLength = min(2 * pieceLength, maximumPiece) }

  /// Behind the last line that is whole; within quotes of CSV no record ends.
  private func lastLineEnd() -> Int {
    guard (try? format ?? Self.format(of: rest, name)) == .csv else {
      return (rest.lastIndex(of: 0x0A) ?? -1) + 1
    }
    return rest.withUnsafeBufferPointer { bytes in
      var (end, isQuoted) = (0, false)
      for index in bytes.indices {
        if bytes[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
        if bytes[index] == 0x0A, !isQuoted { end = index + 1 }
      }
      return end
    }
  }

  // MARK: JSON lines

  private func readLines(_ piece: [UInt8]) {
    let reader = UsageLineReader(isForbidden: isForbidden)
    piece.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        let line = start..<end
        defer {
          start = end + 1
          lineNumber += 1
        }
        guard bytes[line].contains(where: { $0 > 0x20 }) else { continue }
        let reading =
          line.count > Self.maximumLine
          ? .failure(UsageRefusal("the line is longer than \(Self.maximumLine >> 20) MB"))
          : reader.draft(ofJSON: UnsafeBufferPointer(rebasing: bytes[line]))
        collector.add(
          reader.guarded(reading, bytes[line]), number: lineNumber, place: line)
      }
    }
  }

  // MARK: CSV

  private func readRecords(_ piece: [UInt8]) throws(UnreadableUsage) {
    let reader = UsageLineReader(isForbidden: isForbidden)
    var splitter = CSVRecords(bytes: piece)
    while let record = splitter.next() {
      let number = lineNumber
      lineNumber += record.lines
      guard !record.isBlank else { continue }
      guard let header else {
        self.header = try UsageHeader(record, piece[record.place], name: name, line: number)
        continue
      }
      let reading: Result<UsageDraft, UsageRefusal> =
        switch record.cells {
        case .success(let cells): reader.draft(of: cells, under: header)
        case .failure(let refusal): .failure(refusal)
        }
      collector.add(
        reader.guarded(reading, piece[record.place]), number: number, place: record.place)
    }
  }
}
