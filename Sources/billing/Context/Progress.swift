private import Synchronization

/// A bar on standard error for work that takes longer than a second; only on a terminal.
final class Progress: Sendable {
  private struct State {
    var done: Int64 = 0
    var drawnAt: Int64
    var isDrawn = false
  }

  private static let delayMilliseconds: Int64 = 1000
  private static let intervalMilliseconds: Int64 = 100

  private let label: String
  private let total: Int64?
  private let errors: (any TextOutput)?
  private let uptimeMilliseconds: @Sendable () -> Int64
  private let columns: Int
  private let state: Mutex<State>

  /// With a total it is a bar, without one a count. Without an output nothing is drawn.
  init(
    _ label: String, total: Int64?, errors: (any TextOutput)?, columns: Int,
    uptimeMilliseconds: @escaping @Sendable () -> Int64
  ) {
    self.label = label
    self.total = total
    self.errors = errors
    self.columns = columns
    self.uptimeMilliseconds = uptimeMilliseconds
    state = Mutex(State(drawnAt: uptimeMilliseconds() + Self.delayMilliseconds))
  }

  /// - Parameter figures: how far it is, in the caller's words instead of `42% (21 of 50)`.
  func advance(by count: Int64 = 1, figures: String? = nil) {
    guard let errors else { return }
    state.withLock { state in
      state.done += count
      let now = uptimeMilliseconds()
      let wait = state.isDrawn ? Self.intervalMilliseconds : 0
      guard now >= state.drawnAt + wait else { return }
      state.drawnAt = now
      state.isDrawn = true
      errors.write("\r\u{1B}[K" + line(state.done, figures))
    }
  }

  /// Takes the bar away, so that what follows starts on a clean line.
  func finish() {
    guard let errors else { return }
    state.withLock { state in
      if state.isDrawn { errors.write("\r\u{1B}[K") }
      state.isDrawn = false
    }
  }

  private func line(_ done: Int64, _ words: String?) -> String {
    guard let total, total > 0 else { return "\(label) \(words ?? "\(done)")" }
    let share = Double(min(done, total)) / Double(total)
    let figures = " " + (words ?? "\(Int(share * 100))% (\(done) of \(total))")
    let room = columns - label.count - figures.count - 4
    guard room >= 5 else { return label + figures }
    let width = min(room, 30)
    let filled = Int(share * Double(width))
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
    return "\(label) [\(bar)]\(figures)"
  }
}

extension Context {
  /// Progress of work over so many things (nil: as many as come). Call `finish()` at its end.
  func progress(_ label: String, total: Int64? = nil) -> Progress {
    let isShown =
      world.terminal.errors && !settings.isQuiet && environment["TERM"] != "dumb"
    return Progress(
      label, total: total, errors: isShown ? errors : nil, columns: world.terminal.columns ?? 80,
      uptimeMilliseconds: world.uptimeMilliseconds)
  }
}
