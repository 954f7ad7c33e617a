package import Basics

/// Writes the usage of a file down, piece by piece, each in one transaction. What is written stays
/// whatever comes after, and read again it is a duplicate, so an import that was stopped is simply
/// run again.
package struct UsageImporting {
  package struct Counts: Sendable, Hashable {
    package var read = 0
    package var accepted = 0
    package var duplicates = 0
    package var conflicts = 0
    package var rejected = 0
  }

  /// A line that was not written down.
  package struct Refused: Sendable, Hashable {
    package let line: Int
    package let refusal: UsageRefusal
    /// As it stands in the file, without the line's end.
    package let text: [UInt8]
  }

  private let store: Store
  private var book = UsageBook()
  private var subjects: UsageSubjects
  package private(set) var counts = Counts()

  package init(store: Store, catalogue: Catalogue, now: Timestamp) {
    self.store = store
    subjects = UsageSubjects(meterIDs: Set(catalogue.meters.map { $0.id }), now: now)
  }

  /// Ends at the file's end, or with a `CancellationError` between two pieces.
  ///
  /// - Parameter show: called once a piece is durable, with how many bytes it had and what of it was
  ///   refused.
  package mutating func run(
    _ file: UsageFile,
    show: (_ length: Int, _ refused: [Refused], _ header: [UInt8]?) throws -> Void
  ) async throws {
    var upcoming = try await file.next()
    while let piece = upcoming {
      try Task.checkCancellation()
      async let next = file.next()
      let refused = try take(piece)
      try show(piece.bytes.count, refused, piece.header)
      upcoming = try await next
    }
    try Task.checkCancellation()
  }

  /// Writes one piece, in one transaction.
  private mutating func take(_ piece: UsagePiece) throws -> [Refused] {
    let (added, refused): (Counts, [RefusedUsageLine])
    (book, subjects, added, refused) = try store.write { transaction in
      var writing = try UsagePieceWriting(piece, book, subjects, in: transaction)
      try writing.run()
      return (writing.book, writing.subjects, writing.counts, writing.refused)
    }
    counts.add(added)
    return refused.sorted { $0.number < $1.number }.map {
      Refused(line: $0.number, refusal: $0.refusal, text: Self.text(piece, $0.place))
    }
  }

  private static func text(_ piece: UsagePiece, _ place: Range<Int>) -> [UInt8] {
    var line = piece.bytes[place]
    while let last = line.last, last == 0x0A || last == 0x0D { line = line.dropLast() }
    return Array(line)
  }
}

extension UsageImporting.Counts {
  fileprivate mutating func add(_ other: Self) {
    read += other.read
    accepted += other.accepted
    duplicates += other.duplicates
    conflicts += other.conflicts
    rejected += other.rejected
  }
}
