import Foundation

/// A server with a certificate for `localhost` that it signed itself: `openssl s_server`, or node
/// for HTTP/2, which openssl does not speak.
final class TLSServer {
  let certificatePath: String
  let port: Int
  private let process: Process
  private let directory: URL

  /// Answers with the version of HTTP and the number of connections so far.
  private static let http2Script = """
    const [key, cert] = process.argv.slice(-2).map((path) => require('fs').readFileSync(path));
    const server = require('http2').createSecureServer({ key, cert });
    let sessions = 0;
    server.on('session', () => { sessions += 1 });
    server.on('request', (request, response) => {
      if (request.url === '/cut') { request.stream.session.destroy(); return }
      response.end(`${request.httpVersion} ${request.method} ${sessions}`);
    });
    server.listen(0, 'localhost', () => console.log(`ACCEPT :${server.address().port} `));
    """

  static let canSpeakHTTP2 = ["/usr/bin/node", "/usr/local/bin/node"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  init(http2: Bool = false) throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let key = directory.appending(path: "key.pem").path
    certificatePath = directory.appending(path: "certificate.pem").path
    let made = try Self.run(
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2",
      "-keyout", key, "-out", certificatePath)
    made.waitUntilExit()

    let output = Pipe()
    if http2 {
      process = try Self.run(
        "node", "-e", Self.http2Script, "--", key, certificatePath, output: output)
    } else {
      process = try Self.run(
        "openssl", "s_server", "-www", "-accept", "0", "-cert", certificatePath, "-key", key,
        output: output)
    }
    port = Self.readPort(output.fileHandleForReading)
  }

  deinit {
    // Not `terminate`: a child inherits the signals that its parent's threads block.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: directory)
  }

  private static func run(_ arguments: String..., output: Pipe? = nil) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Waits for the line `ACCEPT [::]:45449`; 0 where it never comes.
  private static func readPort(_ output: FileHandle) -> Int {
    var text = ""
    while true {
      let data = output.availableData
      guard !data.isEmpty else { return 0 }
      text += String(decoding: data, as: UTF8.self)
      if let match = text.firstMatch(of: /ACCEPT .*:(\d+)\s/) { return Int(match.1) ?? 0 }
    }
  }
}
