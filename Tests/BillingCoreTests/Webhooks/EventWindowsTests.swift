import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct EventWindowsTests {
  private let day = EventWindows.day

  /// The bounds of the stretches, in hours from noon, with so many events in each.
  private func bounds(_ windows: EventWindows, counts: [Int]) -> [String] {
    var (windows, counts, bounds) = (windows, counts[...], [String]())
    while !windows.isDone, bounds.count < 100 {
      let words = [windows.start, windows.before].map { moment in
        moment.map { "\(($0 - noon) / 3600)" } ?? "-"
      }
      bounds.append(words.joined(separator: ".."))
      windows.advance(after: counts.popFirst() ?? 0)
    }
    return bounds
  }

  @Test func theyGrowWhereNothingHappens() {
    let windows = EventWindows(
      from: noon - 30 * day, oldest: noon - 30 * day, newest: noon, end: nil)
    #expect(bounds(windows, counts: []) == ["-720..-696", "-696..-504", "-504..-"])
  }

  @Test func theyFitWhatHappens() {
    let windows = EventWindows(from: noon - 4 * day, oldest: noon, newest: noon, end: nil)
    #expect(
      bounds(windows, counts: [600, 300, 150]) == [
        "-96..-72", "-72..-60", "-60..-48", "-48..-24", "-24..-",
      ])
  }

  @Test func whatIsOlderThanIsKeptIsOneStretch() {
    let windows = EventWindows(
      from: nil, oldest: noon - 30 * day, newest: noon - 30 * day, end: nil)
    #expect(bounds(windows, counts: []) == ["-..-720", "-720..-"])
  }

  @Test func nothingComesAfterTheEnd() {
    let windows = EventWindows(
      from: noon - 2 * day, oldest: noon, newest: noon - day - 1, end: noon - day)
    #expect(bounds(windows, counts: []) == ["-48..-24"])
  }

  @Test func oneOfASecondCannotBeShorter() {
    var windows = EventWindows(from: noon - 1, oldest: noon, newest: noon + day, end: nil)
    var count = 0
    while windows.shorten() { count += 1 }
    #expect(count == 6 && windows.before == noon)
    windows.advance(after: 10_000)
    #expect(windows.start == noon && windows.before == noon + 1)
  }

  @Test func theFirstOfAllIsReadWhole() {
    var windows = EventWindows(from: nil, oldest: noon, newest: noon, end: nil)
    let isShorter = windows.shorten()
    #expect(!isShorter)
  }
}
