import Testing

@testable import BillingServer

@Suite(.tags(.unit)) struct BatchSizeTests {
  private func count(after notes: [(taken: Int, milliseconds: Int64)]) -> Int {
    var size = BatchSize()
    for note in notes { size.note(note.taken, milliseconds: note.milliseconds) }
    return size.count
  }

  @Test func growsWhileItIsFull() {
    #expect(count(after: []) == 16)
    #expect(count(after: [(16, 1)]) == 32)
    #expect(count(after: [(15, 1)]) == 16)
    #expect(count(after: [(16, 7)]) == 16)
    #expect(count(after: [(16, 1), (32, 1), (64, 1), (128, 1), (256, 1), (256, 1)]) == 256)
  }

  @Test func shrinksToOneWhenEventsTakeLong() {
    #expect(count(after: [(16, 11)]) == 8)
    #expect(count(after: [(16, 500), (8, 250), (4, 120), (2, 60), (1, 30), (1, 30)]) == 1)
  }
}
