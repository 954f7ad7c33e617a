import Basics

/// The events of files and of standard input, one file after the other.
package actor EventFiles: EventSource {
  /// How many events are taken in one transaction, and of how many bytes.
  private static let (batchSize, batchLength) = (512, 4 << 20)

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
    var size = 0
    while batch.readings.count < Self.batchSize, size < Self.batchLength {
      guard var current = try reader ?? openNext() else { break }
      // Nobody waits for what has not been written yet while there is something to take.
      if !batch.readings.isEmpty, !current.isReady() {
        reader = current
        return batch
      }
      let before = current.length
      if case .header = decoder.rule {
        batch.readings.append(whole(&current))
        reader = nil
      } else if let piece = try current.next() {
        batch.readings.append(reading(piece, of: current))
        size += piece.bytes?.count ?? 0
        reader = current
      } else {
        reader = nil
      }
      batch.length += current.length - before
    }
    return batch.readings.isEmpty ? nil : batch
  }

  private func openNext() throws -> EventFileReader? {
    guard upcoming < files.count else { return nil }
    defer { upcoming += 1 }
    return try opened.removeValue(forKey: upcoming) ?? EventFileReader(files[upcoming])
  }

  private func reading(_ piece: JSONSplitter.Piece, of file: EventFileReader) -> EventReading {
    let place = file.place(of: piece)
    if let bytes = piece.bytes { return decoder.reading(bytes, place: place) }
    let end = piece.isLast ? "; what follows could not be read" : ""
    return .unreadable(
      UnreadableEvent(place: place, reason: "no JSON: \(piece.reason ?? "")\(end)"))
  }

  private func whole(_ file: inout EventFileReader) -> EventReading {
    do {
      return decoder.reading(try file.rest(), place: file.name)
    } catch let error as UnreadableEvent {
      return .unreadable(error)
    } catch {
      return .unreadable(UnreadableEvent(place: file.name, reason: "\(error)"))
    }
  }
}
