import Foundation
import Synchronization

/// A mail server on a raw socket that takes everything, but for the commands of which a test says
/// otherwise; what it was told is kept, line by line.
final class LoopbackMailServer: Sendable {
  private let lines = Mutex<[String]>([])
  private let answers: [String: String]
  private let greeting: String
  private let offers: [String]

  /// - Parameters:
  ///   - answers: to commands by their first word; `.` is the end of a message, and an empty answer
  ///     hangs up.
  ///   - offers: what it can do beside SMTP's minimum.
  init(
    _ answers: [String: String] = [:], greeting: String = "220 test ready",
    offers: [String] = ["8BITMIME"]
  ) {
    (self.answers, self.greeting, self.offers) = (answers, greeting, offers)
  }

  /// What it was told; the lines of messages begin with a blank.
  var told: [String] { lines.withLock { $0 } }

  func serve(_ connection: LoopbackServer.Connection) {
    var reader = Reader(connection: connection)
    guard !greeting.isEmpty else { return }
    connection.send(greeting + "\r\n")
    while let line = reader.line() {
      lines.withLock { $0.append(line) }
      guard answer(line, connection) else { return }
      if line == "AUTH PLAIN", answers["AUTH"] == nil {
        let secret = reader.line() ?? ""
        lines.withLock { $0.append(secret) }
        connection.send("235 welcome\r\n")
      }
      guard line == "DATA", answers["DATA"] == nil else { continue }
      while let text = reader.line() {
        if text == "." { break }
        lines.withLock { $0.append(" " + text) }
      }
      guard answer(".", connection) else { return }
    }
  }

  /// Whether the talk goes on.
  private func answer(_ line: String, _ connection: LoopbackServer.Connection) -> Bool {
    let word = String(line.prefix { $0 != " " && $0 != ":" })
    let answer = answers[word] ?? usual(word)
    guard !answer.isEmpty else { return false }
    connection.send(answer + "\r\n")
    return word != "QUIT"
  }

  private func usual(_ word: String) -> String {
    switch word {
    case "EHLO":
      let all = ["test"] + offers
      return all.enumerated().map { index, offer in
        "250\(index == all.count - 1 ? " " : "-")\(offer)"
      }.joined(separator: "\r\n")
    case "AUTH": return "334 "
    case "DATA": return "354 go on"
    case "QUIT": return "221 bye"
    default: return "250 ok"
    }
  }

  private struct Reader {
    let connection: LoopbackServer.Connection
    var bytes: [UInt8] = []

    init(connection: LoopbackServer.Connection) { self.connection = connection }

    /// The next line without its end; nil where the client closed.
    mutating func line() -> String? {
      while true {
        if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
          let line = bytes[..<end].filter { $0 != UInt8(ascii: "\r") }
          bytes.removeSubrange(...end)
          return String(decoding: line, as: UTF8.self)
        }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(connection.descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        bytes += buffer[..<count]
      }
    }
  }
}
