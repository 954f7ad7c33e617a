import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct APIKeySecretTests {
  private static let random = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg"

  private func key(_ mode: APIKeySecret.Mode = .live) -> APIKeySecret {
    APIKeySecret(prefix: "cdt", mode: mode, random: Self.random)
  }

  /// The checksums are of python3: zlib.crc32, written in 62 digits.
  @Test func itsFormIsFixed() {
    #expect(key().secret.reveal() == "cdt_live_\(Self.random)3rwnhC")
    #expect(key(.test).secret.reveal() == "cdt_test_\(Self.random)3hYL7K")
    #expect(key().prefix == "cdt_live_01234567")
    #expect(key(.test).prefix == "cdt_test_01234567")
    #expect(APIKeySecret(parsing: key().secret.reveal()) == key())
  }

  /// One letter that is another, one that is missing or too many, and two neighbours exchanged.
  @Test func everySlipOfTypingIsFound() {
    let good = Array(key().secret.reveal())
    for index in good.indices {
      for letter in "0Aaz_" where letter != good[index] {
        var other = good
        other[index] = letter
        #expect(APIKeySecret(parsing: String(other)) == nil, "\(index) \(letter)")
      }
      var shorter = good
      shorter.remove(at: index)
      #expect(APIKeySecret(parsing: String(shorter)) == nil)
      var longer = good
      longer.insert("7", at: index)
      #expect(APIKeySecret(parsing: String(longer)) == nil)
      guard index > 0, good[index] != good[index - 1] else { continue }
      var exchanged = good
      exchanged.swapAt(index, index - 1)
      #expect(APIKeySecret(parsing: String(exchanged)) == nil)
    }
  }

  @Test(arguments: [
    "", " ", "key", "cdt_live_", "sk_live_0123456789abcdef", "cdt_live_\(random)", "\u{0}",
    String(repeating: "a", count: 10_000), "cdt_live_\(random)3rwnhC\n", "cdt_lıve_x",
  ])
  func whatIsNoKey(_ text: String) {
    #expect(APIKeySecret(parsing: text) == nil)
  }

  @Test func aWholeKeyIsFoundWhereverItStands() {
    let text = key().secret.reveal()
    for words in [text, "Bearer \(text)", "/v1?key=\(text)&x=1", "--key-id=\(text)", "a,\(text)\n"]
    {
      #expect(APIKeySecret.stands(in: words), "\(words)")
    }
    for words in ["", "key_\(Self.random)", key().prefix, "é\(text.dropLast())", "x\(text)"] {
      #expect(!APIKeySecret.stands(in: words), "\(words)")
    }
  }

  @Test func nothingThatDescribesItTellsIt() {
    let text = key().secret.reveal()
    for description in ["\(key())", "\(key().secret)", String(reflecting: key())] {
      #expect(!description.contains(text.dropFirst(20)), "\(description)")
    }
    #expect(!key().prefix.contains(Self.random.dropFirst(8)))
  }

  @Test(arguments: [
    ("key_AbCdEfGhIjKlMnOp", false), ("nope", false), ("cdt_live_x", true), ("x_test_y", true),
    (random, true),
  ])
  func aWordThatMayBeASecret(_ word: String, _ isOne: Bool) {
    #expect(APIKeySecret.resembles(word) == isOne)
  }
}
