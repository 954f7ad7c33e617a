import Basics
private import Synchronization

/// The last defence: takes the known secrets out of whatever is written.
final class Scrubber: Sendable {
  /// Shorter ones are no secrets, and would blot out common words.
  private static let minimumLength = 8

  private let secrets = Mutex<[String]>([])

  func add(_ secret: Secret) {
    // A list of secrets is comma-separated, and each of them is one.
    let parts = [secret.reveal()] + secret.reveal().split(separator: ",").map { String($0) }
    secrets.withLock { known in
      for text in parts where text.utf8.count >= Self.minimumLength && !known.contains(text) {
        known.append(text)
      }
      known.sort { $0.utf8.count > $1.utf8.count }
    }
  }

  func scrub(_ text: String) -> String {
    secrets.withLock { known in
      known.reduce(text) { text, secret in
        text.contains(secret)
          ? text.split(separator: secret, omittingEmptySubsequences: false)
            .joined(separator: "****") : text
      }
    }
  }
}

/// An output from which secrets are taken.
struct ScrubbedOutput: TextOutput {
  let output: any TextOutput
  let scrubber: Scrubber

  var failure: String? { output.failure }

  func write(_ text: String) { output.write(scrubber.scrub(text)) }
}
