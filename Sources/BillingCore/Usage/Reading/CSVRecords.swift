import Basics

/// The records of CSV (RFC 4180) in bytes that hold whole ones: cells between commas, in quotes
/// where they have commas, quotes or line ends of their own.
struct CSVRecords {
  struct Record {
    let place: Range<Int>
    /// How many lines it takes.
    let lines: Int
    let isBlank: Bool
    let cells: Result<[String], UsageRefusal>
  }

  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> Record? {
    guard position < bytes.count else { return nil }
    let start = position
    var (cells, lines) = ([String](), 0)
    var refusal: UsageRefusal?
    var isEnd = false
    while !isEnd {
      switch bytes.withUnsafeBufferPointer({ Self.cell(in: $0, from: position) }) {
      case .success(let cell):
        cells.append(cell.text)
        lines += cell.lines
        position = cell.end
        isEnd = cell.endsRecord
      case .failure(let error):
        refusal = error
        position = (bytes[position...].firstIndex(of: 0x0A) ?? bytes.count - 1) + 1
        lines += 1
        isEnd = true
      }
    }
    return Record(
      place: start..<position, lines: lines,
      isBlank: refusal == nil && cells.allSatisfy { $0.isEmpty },
      cells: refusal.map { .failure($0) } ?? .success(cells))
  }

  private struct Cell {
    let text: String
    /// Behind the comma or the line end that follows it.
    let end: Int
    let endsRecord: Bool
    /// How many lines end in it and behind it.
    let lines: Int
  }

  private static func cell(
    in bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Result<Cell, UsageRefusal> {
    guard start < bytes.count else {
      return .success(Cell(text: "", end: start, endsRecord: true, lines: 1))
    }
    guard bytes[start] == UInt8(ascii: "\"") else { return plainCell(in: bytes, from: start) }
    var content: [UInt8] = []
    var (index, lines) = (start + 1, 0)
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        guard index + 1 < bytes.count, bytes[index + 1] == byte else {
          return ended(content[...], in: bytes, behind: index + 1, lines)
        }
        index += 1
      }
      if byte == 0x0A { lines += 1 }
      content.append(byte)
      index += 1
    }
    return .failure(UsageRefusal("a quote does not end where it should"))
  }

  private static func plainCell(
    in bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Result<Cell, UsageRefusal> {
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: ","), bytes[end] != 0x0A {
      guard bytes[end] != UInt8(ascii: "\"") else {
        return .failure(UsageRefusal("a quote stands within a cell"))
      }
      end += 1
    }
    var content = bytes[start..<end]
    if content.last == 0x0D, end == bytes.count || bytes[end] == 0x0A {
      content = content.dropLast()
    }
    return ended(content, in: bytes, behind: end, 0)
  }

  private static func ended(
    _ content: some Collection<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, behind end: Int,
    _ lines: Int
  ) -> Result<Cell, UsageRefusal> {
    guard let text = String(validating: content, as: UTF8.self) else {
      return .failure(UsageRefusal("this is no UTF-8"))
    }
    var end = end
    if end < bytes.count, bytes[end] == 0x0D { end += 1 }
    guard end < bytes.count, bytes[end] != 0x0A else {
      return .success(
        Cell(text: text, end: min(end + 1, bytes.count), endsRecord: true, lines: lines + 1))
    }
    guard bytes[end] == UInt8(ascii: ",") else {
      return .failure(UsageRefusal("a quote does not end where it should"))
    }
    return .success(Cell(text: text, end: end + 1, endsRecord: false, lines: lines))
  }
}

/// The columns of a CSV file of usage.
struct UsageHeader: Sendable {
  /// What a file of refused lines says of them, which is not read again.
  static let ignored: Set<String> = ["error", "line"]

  /// Nil for a column that is not read.
  let fields: [UsageField?]
  /// As it stands in the file, without the line's end.
  let line: [UInt8]

  init(
    _ record: CSVRecords.Record, _ line: ArraySlice<UInt8>, name: String, line number: Int
  ) throws(UnreadableUsage) {
    func unreadable(_ reason: String) -> UnreadableUsage {
      UnreadableUsage(name: name, line: number, reason: reason)
    }
    let cells: [String]
    switch record.cells {
    case .success(let found): cells = found
    case .failure(let refusal): throw unreadable(refusal.reason)
    }
    var fields: [UsageField?] = []
    for cell in cells {
      let name = String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      let field = UsageField(rawValue: name)
      guard field != nil || Self.ignored.contains(name) else {
        throw unreadable("there is no column \(UsageLineReader.quoted(name))")
      }
      guard field == nil || !fields.contains(field) else {
        throw unreadable("the column \(name) stands twice")
      }
      fields.append(field)
    }
    for field in UsageField.required where !fields.contains(field) {
      throw unreadable("the column \(field.rawValue) is missing")
    }
    self.fields = fields
    self.line = Array(line.prefix { $0 != 0x0A && $0 != 0x0D })
  }
}
