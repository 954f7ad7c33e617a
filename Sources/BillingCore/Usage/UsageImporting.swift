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
  private let meterIDs: Set<String>
  private let now: Timestamp
  private var book = UsageBook()
  private var customers: [String: Result<Customer, UsageRefusal>] = [:]
  package private(set) var counts = Counts()

  /// A customer, and the time by which it lives.
  private struct Customer: Sendable {
    let id: String
    let now: Timestamp
  }

  package init(store: Store, catalogue: Catalogue, now: Timestamp) {
    self.store = store
    meterIDs = Set(catalogue.meters.map { $0.id })
    self.now = now
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
    var (counts, refused) = (counts, [Refused]())
    var (book, customers) = (book, customers)
    try store.write { transaction in
      try book.begin(transaction)
      for line in piece.lines {
        counts.read += 1
        do {
          switch try record(line, &book, &customers, transaction) {
          case .recorded: counts.accepted += 1
          case .duplicate: counts.duplicates += 1
          case .conflict(_, let fields):
            counts.conflicts += 1
            throw UsageRefusal(
              "the id is written down already, with another \(fields.joined(separator: ", "))")
          case .overflow: throw UsageRefusal("with this more would be used than can be counted")
          }
        } catch let refusal as UsageRefusal {
          refused.append(
            Refused(line: line.number, refusal: refusal, text: Self.text(piece, line.place)))
        }
      }
      try book.close(transaction)
    }
    (self.book, self.customers) = (book, customers)
    counts.rejected = counts.read - counts.accepted - counts.duplicates - counts.conflicts
    self.counts = counts
    return refused
  }

  private static func text(_ piece: UsagePiece, _ place: Range<Int>) -> [UInt8] {
    var line = piece.bytes[place]
    while let last = line.last, last == 0x0A || last == 0x0D { line = line.dropLast() }
    return Array(line)
  }

  private func record(
    _ line: UsageLine, _ book: inout UsageBook,
    _ customers: inout [String: Result<Customer, UsageRefusal>], _ transaction: Transaction
  ) throws -> UsageOutcome {
    let draft = try line.reading.get()
    let found: Result<Customer, UsageRefusal>
    if let known = customers[draft.customer] {
      found = known
    } else {
      found = try customer(draft.customer, transaction)
      customers[draft.customer] = found
    }
    let customer = try found.get()
    let event = UsageEvent(
      id: draft.id, customerID: customer.id, meterID: draft.meterID, quantity: draft.quantity,
      at: draft.at ?? customer.now, request: draft.request)
    if let refusal = refusal(event, at: customer.now) {
      // What was written down when it was in order is no mistake now.
      guard let stored = try transaction.usageEvent(event.id),
        event.differences(from: stored, comparesTime: draft.at != nil).isEmpty
      else { throw refusal }
      return .duplicate(stored)
    }
    return try book.record(event, comparesTime: draft.at != nil, in: transaction)
  }

  private func refusal(_ event: UsageEvent, at now: Timestamp) -> UsageRefusal? {
    guard meterIDs.contains(event.meterID) else {
      return UsageRefusal("there is no meter \(UsageLineReader.quoted(event.meterID))")
    }
    guard UsageEvent.isInWindow(event.at, at: now) else {
      return UsageRefusal(
        "timestamp must not lie more than 35 days back or 5 minutes ahead, and it is \(event.at)")
    }
    return nil
  }

  private func customer(
    _ text: String, _ transaction: Transaction
  ) throws -> Result<Customer, UsageRefusal> {
    let found = try CustomerReference(text).map { try transaction.customers($0) } ?? []
    guard found.count < 2 else {
      return .failure(
        UsageRefusal("\(UsageLineReader.quoted(text)) fits \(found.count) customers"))
    }
    guard let customer = found.first else {
      return .failure(UsageRefusal("no customer \(UsageLineReader.quoted(text))"))
    }
    return .success(
      Customer(id: customer.id, now: try transaction.time(of: customer, at: now)))
  }
}
