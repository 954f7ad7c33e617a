/// Which line of a batch may begin next: each subject's lines one after the other, in their order,
/// and never two at once. Pure, and linear in the number of lines.
struct BatchSchedule: Sendable {
  private let subjects: [String]
  /// The lines of each subject that have not begun, in their order.
  private var waiting: [String: ArraySlice<Int>]
  /// Subjects of which a line is under way, or has been passed over and stands in `released`.
  private var busy: Set<String> = []
  /// Lines that were passed over, and whose turn it is now.
  private var released: [Int] = []
  private var position = 0

  /// - Parameter subjects: whom each line is about.
  init(subjects: [String]) {
    self.subjects = subjects
    waiting = Dictionary(grouping: subjects.indices, by: { subjects[$0] }).mapValues { $0[...] }
  }

  /// The next line to begin; nil where none may before another is finished.
  mutating func next() -> Int? {
    if let line = released.popLast() { return begin(line) }
    while position < subjects.count {
      let line = position
      position += 1
      if busy.insert(subjects[line]).inserted { return begin(line) }
    }
    return nil
  }

  private mutating func begin(_ line: Int) -> Int {
    waiting[subjects[line]]?.removeFirst()
    return line
  }

  mutating func finish(_ line: Int) {
    let subject = subjects[line]
    if let next = waiting[subject]?.first, next < position {
      released.append(next)
    } else {
      busy.remove(subject)
    }
  }
}
