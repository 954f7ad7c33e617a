package import Basics
package import Stripe

/// A channel of Slack, by its incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
///
/// Whoever has the address can write there, so it is a secret: it stands in no error.
package struct SlackChannel: Sendable {
  package enum Mistake: String, Error, Sendable {
    case noAddress = "it must be like https://hooks.slack.com/services/…"
    case insecure = "it must begin with https:// but on this machine itself"
  }

  private let url: String
  /// Whether it is a server on this machine.
  package let isLoopback: Bool
  private let transport: any Transport
  private let timeoutSeconds: Double

  /// What Slack takes at most of one message is 40,000 characters.
  private static let longestText = 30_000

  package init(
    _ address: Secret, transport: any Transport, timeoutSeconds: Double = 30
  ) throws(Mistake) {
    let text = address.reveal()
    let isSecure = text.lowercased().hasPrefix("https://")
    let host = text.wholeMatch(of: /(?i:https?):\/\/([^\/?#@]+)\/[^\s#]+/)?.1
    guard let host, (try? ForwardDestination(text)) != nil else { throw .noAddress }
    isLoopback =
      host.wholeMatch(of: /(localhost|127\.0\.0\.1|\[::1\])(:\d+)?/.ignoresCase()) != nil
    guard isSecure || isLoopback else { throw .insecure }
    url = text
    self.transport = transport
    self.timeoutSeconds = timeoutSeconds
  }

  /// Posts one message.
  func send(_ words: MessageComposer.Words) async throws -> DeliveryOutcome {
    let text = "*\(Self.escaped(words.subject))*\n\(Self.escaped(words.text))"
    return try await post(["text": .string(String(text.prefix(Self.longestText)))])
  }

  /// Why nothing can be posted; nil where it can. What it posts has no text: Slack refuses that with
  /// `no_text` where the address is right, and shows nothing in the channel.
  package func probe() async throws -> String? {
    switch try await post([:]) {
    case .sent: nil
    case .refused(let words, _): words.hasSuffix(" no_text") ? nil : words
    case .unavailable(let reason, _): reason
    }
  }

  private func post(_ body: JSON) async throws -> DeliveryOutcome {
    do throws(TransportError) {
      let response = try await transport.send(
        HTTPRequest(
          method: .post, url: url,
          headers: ["Content-Type": "application/json; charset=utf-8", "User-Agent": "billing"],
          body: Array(body.compact.utf8), timeoutSeconds: timeoutSeconds))
      return Self.outcome(response)
    } catch {
      if error.kind == .canceled { throw CancellationError() }
      return .unavailable(error.detail.replacing(url, with: "the address"), retryAfterSeconds: nil)
    }
  }

  /// A word on the message alone is final; all others are about the channel, and pass.
  private static func outcome(_ response: HTTPResponse) -> DeliveryOutcome {
    let said = String(decoding: response.body.prefix(100), as: UTF8.self).onOneLine
    let words = "Slack answered \(response.status)" + (said.isEmpty ? "" : " \(said)")
    switch response.status {
    case 200..<300: return .sent
    case 300..<400: return .unavailable("redirects are not followed", retryAfterSeconds: nil)
    case 400 where said != "invalid_token", 413: return .refused(words, isFinal: true)
    default:
      return .unavailable(
        words, retryAfterSeconds: response.headers["Retry-After"].flatMap { Int64($0) })
    }
  }

  /// The three characters that mean something in Slack's texts.
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}

/// How an attempt to send a message ended.
enum DeliveryOutcome: Sendable, Hashable {
  case sent
  /// Of this message it was said no; others may pass.
  case refused(String, isFinal: Bool)
  /// Nothing gets through at the moment.
  case unavailable(String, retryAfterSeconds: Int64?)
}
