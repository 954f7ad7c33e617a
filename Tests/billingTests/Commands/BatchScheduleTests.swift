import Testing

@testable import billing

@Suite(.tags(.unit)) struct BatchScheduleTests {
  @Test func subjectsRunBesideEachOther() {
    var schedule = BatchSchedule(subjects: ["a", "b", "a", "c", "a"])
    #expect([schedule.next(), schedule.next(), schedule.next()] == [0, 1, 3])
    #expect(schedule.next() == nil)
    schedule.finish(1)
    #expect(schedule.next() == nil)
    schedule.finish(0)
    #expect(schedule.next() == 2)
    #expect(schedule.next() == nil)
    schedule.finish(3)
    schedule.finish(2)
    #expect(schedule.next() == 4)
    schedule.finish(4)
    #expect(schedule.next() == nil)
  }

  /// A subject whose line was passed over keeps its turn, also before lines that come later.
  @Test func noLineOvertakesAnother() {
    var schedule = BatchSchedule(subjects: ["a", "a", "b", "a"])
    #expect(schedule.next() == 0)
    #expect(schedule.next() == 2)
    schedule.finish(0)
    #expect(schedule.next() == 1)
    #expect(schedule.next() == nil)
    schedule.finish(1)
    #expect(schedule.next() == 3)
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func everyLineOnceAndInOrder(seed: UInt64) {
    var dice = Dice(seed: seed)
    let subjects = (0..<300).map { _ in "s\(dice.below(40))" }
    var schedule = BatchSchedule(subjects: subjects)
    var underWay: [Int] = []
    var begun: [Int] = []
    while true {
      while underWay.count < 8, let line = schedule.next() {
        #expect(!underWay.contains { subjects[$0] == subjects[line] })
        #expect(begun.allSatisfy { subjects[$0] != subjects[line] || $0 < line })
        underWay.append(line)
        begun.append(line)
      }
      guard !underWay.isEmpty else { break }
      schedule.finish(underWay.remove(at: dice.below(underWay.count)))
    }
    #expect(begun.sorted() == Array(0..<300))
  }
}
