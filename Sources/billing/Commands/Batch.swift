private import Synchronization

/// Works on the lines of a file: so many at once, those about the same customer one after the other.
/// Results are shown in the order of the file, each as soon as all before it are there.
struct Batch: Sendable {
  private let subjects: [String]
  private let width: BatchWidth

  /// - Parameter subjects: whom each line is about.
  init(subjects: [String], width: BatchWidth) {
    self.subjects = subjects
    self.width = width
  }

  /// Ends early, and without an error, where the task is canceled: what is under way ends first,
  /// and nothing new is begun. What `perform` throws ends it too.
  ///
  /// - Parameter perform: nil for a line that was not done, because the batch is being stopped.
  func run(
    _ perform: @escaping @Sendable (Int) async throws -> LineResult?,
    show: (LineResult) throws -> Void
  ) async throws {
    var schedule = BatchSchedule(subjects: subjects)
    var results: [Int: LineResult?] = [:]
    var shown = 0
    try await withThrowingTaskGroup(of: (Int, LineResult?).self) { group in
      var underWay = 0
      while true {
        while underWay < width.value, !Task.isCancelled, let line = schedule.next() {
          group.addTask { (line, try await perform(line)) }
          underWay += 1
        }
        guard let (line, result) = try await group.next() else { break }
        underWay -= 1
        schedule.finish(line)
        results.updateValue(result, forKey: line)
        while let next = results.removeValue(forKey: shown) {
          if let next { try show(next) }
          shown += 1
        }
      }
    }
    for line in results.keys.sorted() {
      if let result = results[line] ?? nil { try show(result) }
    }
  }
}

/// How many lines may be under way: fewer from the moment that Stripe asks to wait.
final class BatchWidth: Sendable {
  private let width: Mutex<Int>

  init(_ width: Int) { self.width = Mutex(width) }

  var value: Int { width.withLock { $0 } }

  func halve() { width.withLock { $0 = max(1, $0 / 2) } }
}
