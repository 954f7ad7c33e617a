private import Foundation
private import Synchronization

/// Where text goes. Writing never fails for the writer: a reader that went away does not stop work.
protocol TextOutput: Sendable {
  func write(_ text: String)
  /// Why something was not written, in the system's words; nil where all was, and where the reader
  /// went away and wants no more.
  var failure: String? { get }
}

extension TextOutput {
  var failure: String? { nil }
}

/// Where input comes from.
protocol TextInput: Sendable {
  /// The next line without its end; nil when there is none.
  func readLine() -> String?
  /// All that is left, at most so many bytes; nil where there is more.
  func readAll(limit: Int) -> [UInt8]?
  /// Some of what is left, as soon as there is any; none at the end.
  func readSome() -> [UInt8]
  /// Whether something can be read without waiting for whoever writes, the end included.
  var isReady: Bool { get }
}

/// A file descriptor to write to; after the reader is gone, what comes is dropped.
final class FileOutput: TextOutput {
  private let descriptor: Int32
  private let state = Mutex(State())

  private struct State {
    var isClosed = false
    var failure: String?
  }

  init(descriptor: Int32) { self.descriptor = descriptor }

  var failure: String? { state.withLock { $0.failure } }

  func write(_ text: String) {
    state.withLock { state in
      guard !state.isClosed else { return }
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if count < 0, errno == EINTR {
          continue
        } else if count < 0, errno == EAGAIN {
          var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&ready, 1, 1000)
        } else {
          state.isClosed = true
          if count == 0 || (errno != EPIPE && errno != EBADF) {
            state.failure = count == 0 ? "nothing was taken" : FileError.words(errno)
          }
          return
        }
      }
    }
  }
}

/// A file descriptor to read from.
final class FileInput: TextInput {
  private static let patienceMilliseconds: Int32 = 100

  private let descriptor: Int32
  private let interruption: Interruption?
  private let buffer = Mutex<[UInt8]>([])

  /// With an interruption, reading ends when someone stops the program while it waits.
  init(descriptor: Int32, interruption: Interruption? = nil) {
    self.descriptor = descriptor
    self.interruption = interruption
  }

  func readLine() -> String? {
    buffer.withLock { buffer in
      while true {
        if let end = buffer.firstIndex(of: 0x0A) {
          let line = String(decoding: buffer[..<end], as: UTF8.self)
          buffer.removeSubrange(...end)
          return line
        }
        guard fill(&buffer), buffer.count <= 1 << 20 else {
          defer { buffer = [] }
          return buffer.isEmpty ? nil : String(decoding: buffer, as: UTF8.self)
        }
      }
    }
  }

  func readAll(limit: Int) -> [UInt8]? {
    buffer.withLock { buffer in
      while buffer.count <= limit {
        guard fill(&buffer) else {
          defer { buffer = [] }
          return buffer
        }
      }
      return nil
    }
  }

  func readSome() -> [UInt8] {
    buffer.withLock { buffer in
      defer { buffer = [] }
      _ = buffer.isEmpty && fill(&buffer)
      return buffer
    }
  }

  var isReady: Bool {
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&ready, 1, 0) > 0 || buffer.withLock { !$0.isEmpty }
  }

  private func fill(_ buffer: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while let interruption {
      if interruption.signal != nil { return false }
      var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&ready, 1, Self.patienceMilliseconds) > 0 { break }
    }
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count > 0 {
        buffer += chunk[..<count]
        return true
      }
      if count < 0, errno == EINTR { continue }
      return false
    }
  }
}

/// Text kept in memory: what tests give and read.
final class MemoryOutput: TextOutput {
  private let kept = Mutex("")

  var text: String { kept.withLock { $0 } }

  func write(_ text: String) { kept.withLock { $0 += text } }
}

final class MemoryInput: TextInput {
  private let rest: Mutex<[UInt8]>

  init(_ text: String = "") { rest = Mutex(Array(text.utf8)) }

  func readLine() -> String? {
    rest.withLock { rest in
      guard !rest.isEmpty else { return nil }
      let line = rest.prefix { $0 != 0x0A }
      defer { rest.removeFirst(min(line.count + 1, rest.count)) }
      return String(decoding: line, as: UTF8.self)
    }
  }

  func readAll(limit: Int) -> [UInt8]? {
    rest.withLock { rest in
      guard rest.count <= limit else { return nil }
      defer { rest = [] }
      return rest
    }
  }

  func readSome() -> [UInt8] { readAll(limit: .max) ?? [] }

  var isReady: Bool { true }
}
