import Basics
import Stripe

/// Says of each request what became of it: method, path, status, milliseconds, request id. Neither
/// headers nor bodies, so nothing secret; the query is left out as it may name people.
struct LoggingTransport: Transport {
  let transport: any Transport
  let errors: any TextOutput
  let format: LogFormat
  let uptimeMilliseconds: @Sendable () -> Int64

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let start = uptimeMilliseconds()
    do {
      let response = try await transport.send(request)
      log(
        request, status: .integer(Int64(response.status)), words: "\(response.status)",
        since: start, requestID: response.headers["Request-Id"])
      return response
    } catch {
      log(request, status: nil, words: error.kind.rawValue, since: start, requestID: nil)
      throw error
    }
  }

  private func log(
    _ request: HTTPRequest, status: JSON?, words: String, since start: Int64, requestID: String?
  ) {
    let path = Self.path(of: request.url)
    let duration = uptimeMilliseconds() - start
    switch format {
    case .text:
      let end = requestID.map { " " + $0 } ?? ""
      let line = "\(request.method.rawValue) \(path) \(words) \(duration) ms\(end)"
      errors.write(VisibleText.of(line) + "\n")
    case .json:
      let line: JSON = [
        "method": .string(request.method.rawValue), "path": .string(path),
        "status": status ?? .null, "error": status == nil ? .string(words) : .null,
        "duration_ms": .integer(duration), "request_id": JSON(requestID),
      ]
      errors.write(line.compact + "\n")
    }
  }

  private static func path(of url: String) -> String {
    let afterScheme = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
    return String(afterScheme.drop { $0 != "/" }.prefix { $0 != "?" })
  }
}
