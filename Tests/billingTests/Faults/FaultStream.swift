import Foundation
import StripeSandbox

/// HTTP/1.1 on one connection, as much of it as the client speaks: a head, a body of a given length.
final class FaultStream {
  private let descriptor: Int32
  private let keepsAlive: Bool
  private var buffer: [UInt8] = []

  init(descriptor: Int32, keepsAlive: Bool) {
    self.descriptor = descriptor
    self.keepsAlive = keepsAlive
  }

  /// The next request; nil at the end of the connection.
  func readRequest() -> SandboxRequest? {
    let separator = Array("\r\n\r\n".utf8)
    var end = buffer.firstRange(of: separator)
    while end == nil {
      guard readMore() else { return nil }
      end = buffer.firstRange(of: separator)
    }
    guard let end else { return nil }
    let head = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
    var lines = head.components(separatedBy: "\r\n")
    let words = lines.removeFirst().split(separator: " ").map { String($0) }
    guard words.count == 3 else { return nil }
    let headers = lines.compactMap { line -> (name: String, value: String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      return (String(line[..<colon]), value)
    }
    let length =
      headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
    while buffer.count < end.upperBound + length {
      guard readMore() else { return nil }
    }
    let body = Array(buffer[end.upperBound..<end.upperBound + length])
    buffer.removeFirst(end.upperBound + length)
    return SandboxRequest(method: words[0], target: words[1], headers: headers, body: body)
  }

  /// Writes an answer, or only a part of its body; false where nobody reads any more.
  func write(_ response: SandboxResponse, fraction: Int = 1) -> Bool {
    var head = "HTTP/1.1 \(response.status) Status\r\nContent-Length: \(response.body.count)\r\n"
    if !keepsAlive { head += "Connection: close\r\n" }
    for (name, value) in response.headers { head += "\(name): \(value)\r\n" }
    return write(
      Array((head + "\r\n").utf8) + response.body.prefix(response.body.count / fraction))
  }

  /// Returns when the other side has gone.
  func waitForEnd() {
    while readMore() { buffer = [] }
  }

  private func readMore() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 16_384)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count > 0 else { return false }
    buffer += chunk[..<count]
    return true
  }

  private func write(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
