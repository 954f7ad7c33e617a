import Stripe
import Synchronization

/// A mail server that keeps what it is sent, but for recipients of whom a test says otherwise.
final class Mailbox: MailTransport {
  enum Answer: Sendable {
    case refused(Int, String)
    case failure(TransportError.Kind, String)
  }

  private let kept = Mutex<[MailMessage]>([])
  private let tried = Mutex(0)
  private let answers: Mutex<[String: Answer]>

  /// - Parameter answers: by address; `*` is for all.
  init(_ answers: [String: Answer] = [:]) { self.answers = Mutex(answers) }

  var messages: [MailMessage] { kept.withLock { $0 } }
  var attempts: Int { tried.withLock { $0 } }
  /// `address: subject`, in the order in which they came.
  var lines: [String] { messages.map { "\($0.to): \($0.subject)" } }

  /// From now on it answers so.
  func answer(_ answers: [String: Answer]) { self.answers.withLock { $0 = answers } }

  func send(_ message: MailMessage) async throws(TransportError) -> MailReply {
    tried.withLock { $0 += 1 }
    let answer = answers.withLock { $0[message.to.text] ?? $0["*"] }
    switch answer {
    case nil:
      kept.withLock { $0.append(message) }
      return .accepted
    case .refused(let status, let words): return .refused(status: status, words: words)
    case .failure(let kind, let detail):
      throw TransportError(kind: kind, mayHaveReachedServer: false, detail: detail)
    }
  }

  /// Says what it would of a message to anybody.
  func probe() async throws(TransportError) {
    guard case .failure(let kind, let detail) = answers.withLock({ $0["*"] }) else { return }
    throw TransportError(kind: kind, mayHaveReachedServer: false, detail: detail)
  }
}
