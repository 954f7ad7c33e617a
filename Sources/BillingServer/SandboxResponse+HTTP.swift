import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import StripeSandbox

extension SandboxResponse {
  /// The answer on its way to the client, or what a fault leaves of it.
  func response(on channel: any Channel) async -> Response {
    switch delivery {
    case .whole: return response(body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    case .delayed(let seconds):
      await pause(seconds)
      return response(body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    case .unanswered(let seconds):
      await pause(seconds)
      return await hangUp(channel)
    case .dropped: return await hangUp(channel)
    case .truncated(let bytes):
      // The head promises the whole body; throwing ends the connection.
      let start = ByteBuffer(bytes: body.prefix(bytes))
      return response(
        body: ResponseBody(contentLength: body.count) { writer in
          try await writer.write(start)
          throw Cut()
        })
    }
  }

  private struct Cut: Error {}

  /// Waits, but no longer than the server runs.
  private func pause(_ seconds: Int) async {
    let sleep = Task { try await Task.sleep(for: .seconds(seconds)) }
    _ = await withTaskCancellationOrGracefulShutdownHandler {
      await sleep.result
    } onCancelOrGracefulShutdown: {
      sleep.cancel()
    }
  }

  /// Ends the connection; what is returned reaches nobody.
  private func hangUp(_ channel: any Channel) async -> Response {
    try? await channel.close()
    return Response(status: .internalServerError)
  }

  private func response(body: ResponseBody) -> Response {
    var fields = HTTPFields()
    for header in headers {
      // The length is that of the body; a name or value that HTTP cannot carry is left out.
      guard let name = HTTPField.Name(header.name), name != .contentLength,
        HTTPField.isValidValue(header.value)
      else { continue }
      fields.append(HTTPField(name: name, value: header.value))
    }
    return Response(
      status: HTTPResponse.Status(code: (100...999).contains(status) ? status : 500),
      headers: fields, body: body)
  }
}
