import Basics

/// Writes the lines of one piece down, in one transaction: those that may by their ids, the others
/// after them.
struct UsagePieceWriting {
  /// Where a line goes, and what became of it.
  private struct Target {
    /// Where the book has its series; negative for a line that is not to be written.
    var place: Int32 = -1
    var waits = false
    var isNew = false
    var at = Timestamp.earliest
  }

  /// A subject for which a line of the piece was taken.
  private struct Found {
    let place: Int32
    let now: Timestamp
  }

  private let piece: UsagePiece
  private let transaction: Transaction
  private let insertion: UsageInsertion
  private(set) var book: UsageBook
  private(set) var subjects: UsageSubjects
  private(set) var counts = UsageImporting.Counts()
  /// In no order.
  private(set) var refused: [RefusedUsageLine]
  /// Of each line of the piece.
  private var targets: [Target]
  /// The lines that wait, in the order of the file.
  private var waiting: [Int] = []
  /// By the numbers of the subjects.
  private var found: [Found?] = []

  init(
    _ piece: UsagePiece, _ book: UsageBook, _ subjects: UsageSubjects, in transaction: Transaction
  ) throws {
    self.piece = piece
    self.transaction = transaction
    self.book = book
    self.subjects = subjects
    insertion = try UsageInsertion(transaction)
    refused = piece.refused
    targets = Array(repeating: Target(), count: piece.lines.count)
  }

  mutating func run() throws {
    try book.begin(transaction)
    try subjects.learn(piece.newSubjects, transaction)
    try aim()
    for index in targets.indices where targets[index].place >= 0 && !targets[index].waits {
      try write(index)
    }
    for index in waiting { try write(index) }
    for index in piece.fileOrder where targets[Int(index)].isNew { count(Int(index)) }
    try book.close(transaction)
    counts.read = piece.lines.count + piece.refused.count
    counts.rejected = counts.read - counts.accepted - counts.duplicates - counts.conflicts
  }

  private mutating func count(_ index: Int) {
    let target = targets[index]
    book.count(piece.lines[index].quantity, at: target.at, place: Int(target.place))
  }

  private mutating func refuse(_ line: UsageLine, _ refusal: UsageRefusal) {
    refused.append(RefusedUsageLine(number: line.number, place: line.place, refusal: refusal))
  }

  // MARK: Where lines go

  /// Finds the series of each line, and when it may be written.
  private mutating func aim() throws {
    var turns = UsageTurns()
    found = Array(repeating: nil, count: subjects.count)
    for index in piece.fileOrder.lazy.map({ Int($0) }) {
      let line = piece.lines[index]
      do {
        guard let target = try target(of: line, index) else { continue }
        targets[index] = target
        let place = Int(target.place)
        if turns.mustWait(
          line, at: target.at, place: place, lifetime: book.lifetime(at: place))
        {
          targets[index].waits = true
          waiting.append(index)
        }
      } catch let refusal as UsageRefusal {
        refuse(line, refusal)
      }
    }
  }

  /// Nil where the line is written down already.
  private mutating func target(of line: UsageLine, _ index: Int) throws -> Target? {
    if let found = found[line.subject] {
      let moment = line.at ?? found.now
      if UsageEvent.isInWindow(moment, at: found.now) {
        return Target(place: found.place, at: moment)
      }
    }
    let subject = try subjects[line.subject].get()
    let moment = line.at ?? subject.now
    if let refusal = Self.refusal(subject, moment) {
      // What was written down when it was in order is no mistake now.
      guard case .duplicate = try outcome(of: index, at: moment) else { throw refusal }
      counts.duplicates += 1
      return nil
    }
    let place = Int32(
      try book.place(
        ofCustomer: subject.customerID, meterID: subject.meterID, near: moment, transaction))
    found[line.subject] = Found(place: place, now: subject.now)
    return Target(place: place, at: moment)
  }

  private static func refusal(
    _ subject: UsageSubjects.Known, _ moment: Timestamp
  ) -> UsageRefusal? {
    guard subject.hasMeter else {
      return UsageRefusal("there is no meter \(UsageLineReader.quoted(subject.meterID))")
    }
    guard UsageEvent.isInWindow(moment, at: subject.now) else {
      return UsageRefusal(
        "timestamp must not lie more than 35 days back or 5 minutes ahead, and it is \(moment)")
    }
    return nil
  }

  // MARK: Writing

  private mutating func write(_ index: Int) throws {
    guard !repeatsNewLine(index) else {
      counts.duplicates += 1
      return
    }
    let (line, target) = (piece.lines[index], targets[index])
    let place = Int(target.place)
    let isNew =
      try book.hasRoom(for: line.quantity, at: place)
      && insertion.insert(
        UTF8Text(piece.ids[index]), series: book.seriesID(at: place), quantity: line.quantity,
        at: target.at, covered: 0, request: request(of: line))
    switch isNew ? .recorded : try outcome(of: index, at: target.at) {
    case .recorded:
      book.add(line.quantity, at: place)
      targets[index].isNew = true
      counts.accepted += 1
    case .duplicate: counts.duplicates += 1
    case .conflict(_, let fields):
      counts.conflicts += 1
      let names = fields.joined(separator: ", ")
      refuse(line, UsageRefusal("the id is written down already, with another \(names)"))
    case .overflow:
      refuse(line, UsageRefusal("with this more would be used than can be counted"))
    }
  }

  /// Whether a line says again what the one before it said, which is new: this needs no looking up.
  private func repeatsNewLine(_ index: Int) -> Bool {
    let line = piece.lines[index]
    guard line.repeatsID, targets[index - 1].isNew else { return false }
    let (first, target) = (piece.lines[index - 1], targets[index])
    return target.place == targets[index - 1].place && line.quantity == first.quantity
      && (line.at == nil || target.at == targets[index - 1].at)
      && request(of: line) == request(of: first)
  }

  private func request(of line: UsageLine) -> UsageEvent.Request? {
    line.request.map { piece.requests[Int($0)] }
  }

  /// What becomes of a line that was not written down.
  private func outcome(of index: Int, at moment: Timestamp) throws -> UsageOutcome {
    let line = piece.lines[index]
    let subject = try subjects[line.subject].get()
    let event = UsageEvent(
      id: String(decoding: piece.ids[index], as: UTF8.self), customerID: subject.customerID,
      meterID: subject.meterID, quantity: line.quantity, at: moment,
      request: request(of: line) ?? UsageEvent.Request())
    return try book.outcome(of: event, comparesTime: line.at != nil, transaction)
  }
}
