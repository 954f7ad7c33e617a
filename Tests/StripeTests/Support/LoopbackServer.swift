import Foundation
import Synchronization

/// A server on a raw socket of 127.0.0.1, so that tests can misbehave byte by byte.
///
/// `@unchecked Sendable`: its descriptor is set once, before the thread starts.
final class LoopbackServer: @unchecked Sendable {
  /// One accepted connection; used by its own thread alone.
  struct Connection {
    let descriptor: Int32
    /// 1 for the first connection of the server.
    let number: Int

    /// The next request as it came, head and body; nil where the client closed.
    func readRequest() -> String? {
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let text = String(decoding: bytes, as: UTF8.self)
        if let head = text.range(of: "\r\n\r\n") {
          let pattern = /(?i)content-length: (\d+)/
          let length = text[..<head.lowerBound].firstMatch(of: pattern).flatMap { Int($0.1) } ?? 0
          if text[head.upperBound...].utf8.count >= length { return text }
        }
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        bytes += buffer[..<count]
      }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
      var sent = 0
      while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes {
          Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return }
        sent += count
      }
    }

    func answer(_ body: String, status: String = "200 OK", headers: String = "") {
      send(
        "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }
  }

  let port: UInt16
  private let listener: Int32
  private let accepted = Mutex(0)
  private let isStopped = Mutex(false)

  var url: String { "http://127.0.0.1:\(port)" }
  var connectionCount: Int { accepted.withLock { $0 } }

  init(_ handle: @escaping @Sendable (Connection, LoopbackServer) -> Void) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 128) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    Thread { [self] in acceptAll(handle) }.start()
  }

  private func acceptAll(_ handle: @escaping @Sendable (Connection, LoopbackServer) -> Void) {
    while true {
      let descriptor = accept(listener, nil, nil)
      guard descriptor >= 0 else {
        close(listener)
        return
      }
      let number = accepted.withLock { count in
        count += 1
        return count
      }
      Thread { [self] in
        handle(Connection(descriptor: descriptor, number: number), self)
        close(descriptor)
      }.start()
    }
  }

  /// Connections are refused from here on; the accepting thread, which this ends, closes the
  /// descriptor, so that nobody uses a number that belongs to another socket by then.
  func stop() {
    let isFirst = isStopped.withLock { isStopped in
      defer { isStopped = true }
      return !isStopped
    }
    if isFirst { shutdown(listener, Int32(SHUT_RDWR)) }
  }

  static func serve<Value>(
    _ handle: @escaping @Sendable (Connection, LoopbackServer) -> Void,
    _ body: (LoopbackServer) async throws -> Value
  ) async throws -> Value {
    let server = try LoopbackServer(handle)
    defer { server.stop() }
    return try await body(server)
  }
}
