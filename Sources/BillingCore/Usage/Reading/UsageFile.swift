package import Basics

/// Usage in a file, as JSON lines or CSV, read piece by piece: while one piece is written down, the
/// next is read.
package actor UsageFile {
  package enum Format: Sendable, Hashable {
    case lines, csv
  }

  /// How many bytes make a piece, and how long a line may be.
  private static let (pieceLength, maximumLine) = (16 << 20, 1 << 20)

  /// As people call it.
  package nonisolated let name: String
  private let open: @Sendable () throws -> any ByteSource
  private var bytes: (any ByteSource)?
  private let isForbidden: @Sendable (String) -> Bool
  private var format: Format?
  private var header: UsageHeader?
  private var rest: [UInt8] = []
  private var lineNumber = 1
  private var isAtEnd = false

  /// - Parameter format: nil where the first character tells.
  /// - Parameter isForbidden: whether a text must not be kept, whatever it is for.
  package init(
    name: String, format: Format?, isForbidden: @escaping @Sendable (String) -> Bool,
    open: @escaping @Sendable () throws -> any ByteSource
  ) {
    self.name = name
    self.format = format
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
      var lines: [UsageLine] = []
      switch format {
      case .lines: readLines(piece, &lines)
      case .csv: try readRecords(piece, &lines)
      }
      if !lines.isEmpty || isAtEnd {
        return UsagePiece(bytes: piece, lines: lines, header: header?.line)
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
      if rest.count >= Self.pieceLength || isAtEnd || (!rest.isEmpty && !bytes.isReady) {
        end = isAtEnd ? rest.count : lastLineEnd()
        if end > 0 || isAtEnd { break }
        guard rest.count < Self.pieceLength else {
          throw UnreadableUsage(name: name, line: lineNumber, reason: "the line does not end")
        }
      }
      let chunk = try bytes.read()
      if chunk.isEmpty { isAtEnd = true } else { rest += chunk }
      if lineNumber == 1, rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest.removeFirst(3) }
    }
    let piece = Array(rest[..<end])
    rest.removeFirst(end)
    return piece
  }

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

  private func readLines(_ piece: [UInt8], _ lines: inout [UsageLine]) {
    lines.reserveCapacity(piece.count / 100)
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
        lines.append(
          UsageLine(
            number: lineNumber, place: line, reading: reader.guarded(reading, bytes[line])))
      }
    }
  }

  // MARK: CSV

  private func readRecords(_ piece: [UInt8], _ lines: inout [UsageLine]) throws(UnreadableUsage) {
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
      lines.append(
        UsageLine(
          number: number, place: record.place,
          reading: reader.guarded(reading, piece[record.place])))
    }
  }
}

/// Some lines of a file, with the bytes that they were read from.
package struct UsagePiece: Sendable {
  package let bytes: [UInt8]
  package let lines: [UsageLine]
  /// The line that names the columns; nil for JSON lines.
  package let header: [UInt8]?
}

/// One line of usage: what it says, or why it cannot be taken.
package struct UsageLine: Sendable {
  /// As editors count.
  package let number: Int
  /// Where it stands in the piece.
  package let place: Range<Int>
  package let reading: Result<UsageDraft, UsageRefusal>
}

/// What a line of usage says, before anyone has looked for its customer and meter.
package struct UsageDraft: Sendable, Hashable {
  package var id = ""
  package var customer = ""
  package var meterID = ""
  package var quantity: Int64 = 0
  /// Nil for now.
  package var at: Timestamp?
  package var request = UsageEvent.Request()
}

/// Why a line of usage cannot be taken.
package struct UsageRefusal: Error, Sendable, Hashable {
  package let reason: String
  /// Whether the line must not be shown or kept anywhere.
  package let isSecret: Bool

  init(_ reason: String, isSecret: Bool = false) {
    (self.reason, self.isSecret) = (reason, isSecret)
  }
}

/// A file is not what it should be, so that nothing more can be read from it.
package struct UnreadableUsage: Error, Sendable, Hashable {
  package let name: String
  package let line: Int
  package let reason: String
}
