import Foundation

/// One TCP connection to a port of this machine, in bytes: what well-behaved libraries cannot send.
struct LoopbackClient: ~Copyable {
  private let descriptor: Int32

  struct Failure: Error {
    let step: String
    let code: Int32
  }

  init(port: Int, receiveTimeoutSeconds: Int = 120) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var timeout = timeval(tv_sec: receiveTimeoutSeconds, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw Failure(step: "connect", code: errno) }
  }

  deinit { close(descriptor) }

  /// Sends all bytes, or as many as the server takes before it closes.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  /// What comes next; empty when the server has closed.
  func receive() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count < 0, errno == ECONNRESET { return [] }
    guard count >= 0 else { throw Failure(step: "receive", code: errno) }
    return Array(buffer[..<count])
  }

  /// Everything until the server closes.
  func receiveAll() throws -> String {
    var bytes: [UInt8] = []
    while true {
      let more = try receive()
      if more.isEmpty { return String(decoding: bytes, as: UTF8.self) }
      bytes += more
    }
  }

  /// One answer whose head tells the length of its body.
  func receiveAnswer() throws -> (head: String, body: String) {
    var text = ""
    while true {
      if let end = text.range(of: "\r\n\r\n") {
        let head = text[..<end.lowerBound].lowercased()
        let line = head.components(separatedBy: "\r\n").first { $0.hasPrefix("content-length: ") }
        let length = line.flatMap { Int($0.dropFirst(16)) } ?? 0
        let body = text[end.upperBound...]
        if body.utf8.count >= length { return (String(text[..<end.lowerBound]), String(body)) }
      }
      let more = try receive()
      guard !more.isEmpty else { throw Failure(step: "receive, got \(text)", code: 0) }
      text += String(decoding: more, as: UTF8.self)
    }
  }
}
