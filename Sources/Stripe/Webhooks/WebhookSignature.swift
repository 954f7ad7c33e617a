package import Basics

/// Why a webhook is not believed.
package enum SignatureError: String, Error, Sendable, Hashable {
  case malformedHeader = "the signature header has no time (t=) that can be read"
  case noSignature = "the signature header has no signature of the scheme v1"
  case mismatch = "no signature matches: another secret, or a body that was changed"
  case tooOld = "the signature is too old"
  case tooNew = "the signature lies in the future"
  case noSecret = "there is no secret to verify with"
  case tolerance = "a tolerance must be at least one second"
}

/// The `Stripe-Signature` header: `t=1492774577,v1=5257a869…`
/// (https://docs.stripe.com/webhooks#verify-manually).
///
/// The signature is HMAC-SHA256 over the time, a dot and the body's bytes as they came. The key is
/// the whole secret with its `whsec_`, not what stands behind it.
package enum WebhookSignature {
  /// How far the sender's clock may be off, unless the caller says otherwise.
  package static let defaultToleranceSeconds: Int64 = 300
  /// A longer header is refused; Stripe's has about 80 characters a signature.
  static let longestHeader = 8192

  /// The header for a body that is sent at a time.
  package static func sign(payload: [UInt8], secret: Secret, at time: Timestamp) -> String {
    "t=\(time.seconds),v1=\(Hex.encode(digest(payload, secret, seconds: time.seconds)))"
  }

  /// Returns where one of the signatures was made with one of the secrets, no further from now
  /// than the tolerance, to either side.
  ///
  /// Every signature is compared with every secret, each in constant time. Schemes other than
  /// `v1` are ignored.
  /// - Parameter toleranceSeconds: nil where age does not count; never zero.
  package static func verify(
    payload: [UInt8], header: String, secrets: [Secret], toleranceSeconds: Int64?, now: Timestamp
  ) throws(SignatureError) {
    if let toleranceSeconds, toleranceSeconds <= 0 { throw .tolerance }
    let secrets = secrets.filter { !$0.isEmpty }
    guard !secrets.isEmpty else { throw .noSecret }
    let (seconds, signatures) = try parse(header)

    var isMatch = false
    for secret in secrets {
      let expected = digest(payload, secret, seconds: seconds)
      for signature in signatures where Hash.constantTimeEqual(signature, expected) {
        isMatch = true
      }
    }
    guard isMatch else { throw .mismatch }
    guard let toleranceSeconds else { return }
    let age = now.seconds - seconds
    guard age <= toleranceSeconds else { throw .tooOld }
    guard -age <= toleranceSeconds else { throw .tooNew }
  }

  /// When a body was sent, as its header says.
  package static func time(of header: String) throws(SignatureError) -> Timestamp {
    Timestamp(try parse(header).seconds)
  }

  /// The first time and all signatures of `v1`, those that are no hexadecimal left out.
  private static func parse(
    _ header: String
  ) throws(SignatureError) -> (seconds: Int64, signatures: [[UInt8]]) {
    guard header.utf8.count <= longestHeader else { throw .malformedHeader }
    var time: Substring?
    var texts: [Substring] = []
    for pair in header.utf8.split(separator: UInt8(ascii: ",")) {
      guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let value = Substring(pair[pair.index(after: equals)...])
      switch Substring(pair[..<equals]) {
      case "t": time = time ?? value
      case "v1": texts.append(value)
      default: break
      }
    }
    guard let time, let seconds = Int64(time),
      (0...Timestamp.latest.seconds).contains(seconds)
    else { throw .malformedHeader }
    guard !texts.isEmpty else { throw .noSignature }
    return (seconds, texts.compactMap { Hex.decode($0) })
  }

  private static func digest(_ payload: [UInt8], _ secret: Secret, seconds: Int64) -> [UInt8] {
    Hash.hmacSHA256(key: Array(secret.reveal().utf8), Array("\(seconds).".utf8) + payload)
  }
}
