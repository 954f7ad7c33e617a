import Basics

/// The events of files and of standard input, one file after the other.
package actor EventFiles: EventSource {
  /// How many events a batch has, and how many bytes: so few that they are still at hand in the
  /// processor when they are written.
  private static let (batchSize, batchLength) = (64, 1 << 19)
  /// How many of them are verified and decoded in one go.
  private static let shareSize = 16

  package nonisolated var aheadCount: Int { 3 }

  /// What an input begins with.
  package enum Beginning: Sendable, Hashable {
    case envelope
    case unsigned
    /// Nothing, or nothing that can be read: it will be told of when it is its turn.
    case other
  }

  private let files: [EventFile]
  private let decoder: EventDecoder
  private var upcoming = 0
  private var reader: EventFileReader?
  /// What was opened to see how it begins, and cannot be opened again.
  private var opened: [Int: EventFileReader] = [:]

  package init(_ files: [EventFile], rule: SignatureRule) {
    self.files = files
    decoder = EventDecoder(rule: rule)
  }

  /// How each file begins: to be asked before the first batch, so that what is not signed is refused
  /// before anything is applied.
  package func beginnings() throws -> [(file: EventFile, beginning: Beginning)] {
    try files.enumerated().map { index, file in
      var reader = try EventFileReader(file)
      let piece = try reader.peek()
      if file.isStream { opened[index] = reader }
      guard let bytes = piece?.bytes, let json = try? JSON(parsing: bytes), json.object != nil
      else { return (file, .other) }
      return (file, EventEnvelope(json) == nil ? .unsigned : .envelope)
    }
  }

  package func next() async throws -> EventBatch? {
    var batch = EventBatch()
    let cuts = try cut(length: &batch.length)
    batch.readings = await Self.readings(of: cuts, by: decoder)
    return batch.readings.isEmpty ? nil : batch
  }

  /// A place of a file with the bytes that stand there, or with the reason why there are none.
  private struct Cut: Sendable {
    let place: EventPlace
    let bytes: Result<[UInt8], UnreadableEvent>
  }

  private func cut(length: inout Int64) throws -> [Cut] {
    var (cuts, size) = ([Cut](), 0)
    while cuts.count < Self.batchSize, size < Self.batchLength {
      guard var current = try reader ?? openNext() else { break }
      reader = nil
      // Nobody waits for what has not been written yet while there is something to take.
      if !cuts.isEmpty, !current.isReady() {
        reader = current
        break
      }
      let before = current.length
      if case .header = decoder.rule {
        cuts.append(try whole(&current))
      } else if let piece = try current.next() {
        cuts.append(Self.cut(piece, of: current.name))
        size += piece.bytes?.count ?? 0
        reader = current
      }
      length += current.length - before
    }
    return cuts
  }

  private static func cut(_ piece: JSONSplitter.Piece, of file: String) -> Cut {
    let place = EventPlace(file: file, line: piece.line, number: piece.number)
    if let bytes = piece.bytes { return Cut(place: place, bytes: .success(bytes)) }
    let end = piece.isLast ? "; what follows could not be read" : ""
    return Cut(
      place: place,
      bytes: .failure(
        UnreadableEvent(place: place.words, reason: "no JSON: \(piece.reason ?? "")\(end)")))
  }

  private func whole(_ file: inout EventFileReader) throws -> Cut {
    let place = EventPlace(file: file.name, line: nil, number: 1)
    do {
      return Cut(place: place, bytes: .success(try file.rest()))
    } catch let error as UnreadableEvent {
      return Cut(place: place, bytes: .failure(error))
    }
  }

  /// Verifies and decodes, on as many processors as are free: the writer needs one of them.
  private static func readings(of cuts: [Cut], by decoder: EventDecoder) async -> [EventReading] {
    await withTaskGroup(of: (start: Int, readings: [EventReading]).self) { group in
      for start in stride(from: 0, to: cuts.count, by: shareSize) {
        let share = cuts[start..<min(start + shareSize, cuts.count)]
        group.addTask { (start, share.map { reading($0, by: decoder) }) }
      }
      var shares: [(start: Int, readings: [EventReading])] = []
      for await share in group { shares.append(share) }
      return shares.sorted { $0.start < $1.start }.flatMap { $0.readings }
    }
  }

  private static func reading(_ cut: Cut, by decoder: EventDecoder) -> EventReading {
    switch cut.bytes {
    case .success(let bytes): decoder.reading(bytes, at: cut.place)
    case .failure(let unreadable): .unreadable(unreadable)
    }
  }

  private func openNext() throws -> EventFileReader? {
    guard upcoming < files.count else { return nil }
    defer { upcoming += 1 }
    return try opened.removeValue(forKey: upcoming) ?? EventFileReader(files[upcoming])
  }
}

/// Where in a file something stands.
struct EventPlace: Sendable {
  let file: String
  /// Nil where the whole file is meant.
  let line: Int?
  let number: Int

  /// `events.jsonl:12`; of several values on the first line `events.json, element 12`.
  var words: String {
    guard let line else { return file }
    return line == 1 && number > 1 ? "\(file), element \(number)" : "\(file):\(line)"
  }
}
