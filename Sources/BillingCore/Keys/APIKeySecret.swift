package import Basics

/// An API key that we issue, as its owner holds it: `cdt_live_`, 43 letters and digits that nobody
/// can guess (256 bits), and 6 that are the checksum of all that stands before them.
///
/// The form tells a slip of typing without the database, and scanners of source code what they have
/// found (GitHub's format of tokens, https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/).
package struct APIKeySecret: Sendable, Hashable {
  /// Whose money the requests are about, as of Stripe's own keys.
  package enum Mode: String, Sendable, Hashable, CaseIterable {
    case live, test
  }

  /// 62^43 is more than 2^256.
  package static let randomLength = 43
  private static let checksumLength = 6
  /// A prefix has 2 to 16 characters, the mode with what is around it 6. A length is told sooner than
  /// a form.
  private static let lengths = 2 + 6 + 49...16 + 6 + 49
  /// How much of what is random is shown, to tell two keys apart: 208 bits stay hidden.
  private static let shownLength = 8

  package let secret: Secret

  /// - Parameters:
  ///   - prefix: the company's own, of the catalogue.
  ///   - random: `randomLength` letters and digits.
  package init(prefix: String, mode: Mode, random: String) {
    precondition(random.utf8.count == Self.randomLength, "a key has 256 bits")
    let body = "\(prefix)_\(mode.rawValue)_\(random)"
    secret = Secret(body + Self.checksum(of: body))
  }

  /// Nil for what cannot be a key of ours, whatever the prefix is by now.
  package init?(parsing text: String) {
    guard Self.lengths.contains(text.utf8.count) else { return nil }
    let form = /([a-z][a-z0-9]{1,15}_(?:live|test)_[0-9A-Za-z]{43})([0-9A-Za-z]{6})/
    guard let match = text.wholeMatch(of: form),
      Self.checksum(of: String(match.1)) == match.2
    else { return nil }
    secret = Secret(text)
  }

  private static func checksum(of text: String) -> String {
    Base62.encode(CRC32.of(text.utf8), length: checksumLength)
  }

  /// What may be shown and stored of it: `cdt_live_` and the letters that follow.
  package var prefix: String {
    let hidden = Self.randomLength - Self.shownLength + Self.checksumLength
    return String(secret.reveal().dropLast(hidden))
  }

  /// What is stored in its place. A fast hash is enough, since no key can be guessed.
  var hash: [UInt8] { Hash.sha256(Array(secret.reveal().utf8)) }
}

extension APIKeySecret {
  /// Whether a whole key stands anywhere in a text: alone, in an address, behind `Bearer`.
  package static func stands(in text: String) -> Bool {
    guard text.utf8.count >= lengths.lowerBound else { return false }
    return text.utf8.split { !isLetterOfKey($0) }.contains {
      lengths.contains($0.count) && APIKeySecret(parsing: String(Substring($0))) != nil
    }
  }

  private static func isLetterOfKey(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
    default: false
    }
  }

  /// Whether a word is a key, or was to be one: what must not be repeated in a message.
  package static func resembles(_ word: String) -> Bool {
    word.utf8.count >= 40
      || Mode.allCases.contains { word.contains("_\($0.rawValue)_") }
  }
}
