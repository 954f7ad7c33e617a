import Basics
private import Foundation
import Stripe

/// What surrounds one run of the program. Tests bring their own, so that nothing real is touched.
struct World: Sendable {
  /// Relative paths start here.
  var directory: String
  var environment: [String: String]
  var input: any TextInput
  var output: any TextOutput
  var errors: any TextOutput
  var terminal = Terminal()
  /// The machine's clock.
  var now: @Sendable () -> Timestamp
  /// Milliseconds since some moment, never running backwards: for progress and logs.
  var uptimeMilliseconds: @Sendable () -> Int64
  /// Letters and digits that nobody can guess, as many as asked for.
  var makeToken: @Sendable (Int) -> String
  /// Who runs the program, `user@host`, where `BILLING_ACTOR` does not say.
  var actor: String
  /// What carries requests to a server.
  var makeTransport: @Sendable () throws -> any Transport
  /// What carries mails to a server.
  var makeMailTransport: @Sendable (SMTPServer) -> any MailTransport = { CurlMailTransport($0) }
  var interruption = Interruption()
  /// How many bytes may still be written on the disk of a folder; nil where the system does not say.
  var freeBytes: @Sendable (String) -> Int64? = { Files.freeBytes(at: $0) }
  /// Lets so many milliseconds pass; throws where the work is cancelled meanwhile.
  var pause: @Sendable (Int64) async throws -> Void = { milliseconds in
    try await Task.sleep(for: .milliseconds(milliseconds))
  }

  /// Which streams are a terminal, and how wide it is.
  struct Terminal: Sendable {
    var input = false
    var output = false
    var errors = false
    var columns: Int?
  }

  /// A path as the user gave it, seen from the directory of this world.
  func resolve(_ path: String) -> String {
    path.hasPrefix("/") ? path : directory + "/" + path
  }
}

extension World {
  /// The real one.
  static func process() -> World {
    let start = ContinuousClock.now
    let interruption = Interruption()
    return World(
      directory: FileManager.default.currentDirectoryPath,
      environment: ProcessInfo.processInfo.environment,
      input: FileInput(descriptor: 0, interruption: interruption),
      output: FileOutput(descriptor: 1),
      errors: FileOutput(descriptor: 2),
      terminal: .process(),
      now: Timestamp.systemNow,
      uptimeMilliseconds: {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
      },
      makeToken: Random.token(length:),
      actor: processActor(),
      makeTransport: { CurlTransport() }, interruption: interruption)
  }

  /// `user@host`; without a name for the user its number, without one for the host none.
  private static func processActor() -> String {
    var name = [CChar](repeating: 0, count: 256)
    let host =
      gethostname(&name, name.count - 1) == 0
      ? String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
    let user = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(getuid())"
    return host.isEmpty ? user : "\(user)@\(host)"
  }
}

extension World.Terminal {
  /// What the three standard streams are.
  static func process() -> World.Terminal {
    World.Terminal(
      input: isatty(0) == 1, output: isatty(1) == 1, errors: isatty(2) == 1, columns: columns())
  }

  private static func columns() -> Int? {
    for descriptor: Int32 in 0...2 {
      var size = winsize()
      if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
        return Int(size.ws_col)
      }
    }
    return nil
  }
}
