import Basics

/// Makes pieces of the lines of a file, and numbers what they speak of.
struct UsageCollector {
  private var numbers: [UsageSubject: Int] = [:]
  private var newSubjects: [UsageSubject] = []
  private var lines: [UsageLine] = []
  private var ids = PackedTexts()
  private var requests: [UsageEvent.Request] = []
  private var refused: [RefusedUsageLine] = []

  /// Whether the piece that is being made has no line.
  var isEmpty: Bool { lines.isEmpty && refused.isEmpty }

  mutating func add(
    _ reading: Result<UsageDraft, UsageRefusal>, number: Int, place: Range<Int>
  ) {
    switch reading {
    case .success(let draft):
      ids.append(draft.id.utf8)
      lines.append(
        UsageLine(
          number: number, place: place, subject: self.number(of: draft),
          quantity: draft.quantity, at: draft.at, request: keep(draft.request)))
    case .failure(let refusal):
      refused.append(RefusedUsageLine(number: number, place: place, refusal: refusal))
    }
  }

  private mutating func number(of draft: UsageDraft) -> Int {
    let subject = UsageSubject(customer: draft.customer, meterID: draft.meterID)
    if let known = numbers[subject] { return known }
    numbers[subject] = numbers.count
    newSubjects.append(subject)
    return numbers.count - 1
  }

  private mutating func keep(_ request: UsageEvent.Request) -> Int32? {
    guard request != UsageEvent.Request() else { return nil }
    requests.append(request)
    return Int32(requests.count - 1)
  }

  /// The lines since the last piece.
  mutating func piece(of bytes: [UInt8], header: [UInt8]?) -> UsagePiece {
    defer { (lines, ids, requests, refused, newSubjects) = ([], PackedTexts(), [], [], []) }
    let order = ids.ordered()
    let ids = self.ids.arranged(by: order)
    var lines = order.map { self.lines[$0] }
    for index in lines.indices.dropFirst() {
      lines[index].repeatsID = ids[index].elementsEqual(ids[index - 1])
    }
    var fileOrder = [Int32](repeating: 0, count: order.count)
    for (index, place) in order.enumerated() { fileOrder[place] = Int32(index) }
    return UsagePiece(
      bytes: bytes, header: header, lines: lines, ids: ids, fileOrder: fileOrder,
      requests: requests, refused: refused, newSubjects: newSubjects)
  }
}
