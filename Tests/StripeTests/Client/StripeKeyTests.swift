import Basics
import Testing

@testable import Stripe

@Suite(.tags(.unit)) struct StripeKeyTests {
  @Test(
    arguments: [
      ("sk_test_x", .test, false), ("sk_live_51HabcDEF", .live, false),
      ("rk_test_a_b-c", .test, true), ("rk_live_x", .live, true),
    ] as [(String, StripeKey.Mode, Bool)])
  func parses(_ text: String, _ mode: StripeKey.Mode, _ isRestricted: Bool) throws {
    let key = try StripeKey(parsing: text)
    #expect(key.mode == mode)
    #expect(key.isRestricted == isRestricted)
    #expect(key.secret.reveal() == text)
  }

  @Test(arguments: [
    "", "sk", "sk_", "sk_test", "sk_test_", "sk_prod_x", "xk_test_x", "sk_test_a b", " sk_test_x",
    "sk_test_x\n", "sk_test_x\r\nX: y", "sk_test_\u{0}", "sk_test_é", "SK_TEST_x", "whsec_abcdef",
    "sk_test_" + String(repeating: "x", count: 500),
  ])
  func refusesMalformed(_ text: String) {
    #expect(throws: StripeKey.InvalidKey.malformed) { try StripeKey(parsing: text) }
  }

  @Test(arguments: ["pk_test_x", "pk_live_51H", "pk_"]) func refusesPublishable(_ text: String) {
    #expect(throws: StripeKey.InvalidKey.publishable) { try StripeKey(parsing: text) }
  }

  @Test func isNeverShown() throws {
    let key = try StripeKey(parsing: "sk_test_51HabcDEFghiJKL")
    #expect("\(key)" == "sk_test_****iJKL")
    #expect(!String(reflecting: key).contains("51Habc"))
    var dumped = ""
    dump(key, to: &dumped)
    #expect(!dumped.contains("51Habc"))
    #expect("\(try StripeKey(parsing: "sk_test_x"))" == "****")
  }
}

@Suite(.tags(.unit)) struct IdempotencyKeyTests {
  @Test(arguments: ["", "a b", "a\r\nX: y", "é", "\u{7F}", String(repeating: "x", count: 256)])
  func refuses(_ text: String) { #expect(IdempotencyKey(text) == nil) }

  @Test func takesAndMakes() {
    let longest = String(repeating: "x", count: 255)
    #expect(IdempotencyKey(longest)?.description == longest)
    let (first, second) = (IdempotencyKey.random(), IdempotencyKey.random())
    #expect(first != second)
    #expect(IdempotencyKey(first.text) == first)
    #expect(first.text.count == 32)
  }
}

@Suite(.tags(.unit)) struct BaseURLTests {
  @Test(arguments: [
    ("https://api.stripe.com", true, "https://api.stripe.com", false),
    ("https://api.stripe.com/", true, "https://api.stripe.com", false),
    ("http://localhost:12111/", false, "http://localhost:12111", true),
    ("HTTP://LOCALHOST", false, "HTTP://LOCALHOST", true),
    ("http://127.0.0.1:1", false, "http://127.0.0.1:1", true),
    ("http://127.255.0.9", false, "http://127.255.0.9", true),
    ("http://[::1]:80", false, "http://[::1]:80", true),
    ("http://127.0.0.1.evil.com", false, "http://127.0.0.1.evil.com", false),
    ("http://127.0.0.256", false, "http://127.0.0.256", false),
    ("http://127.0.0.01", false, "http://127.0.0.01", false),
    ("http://127.1", false, "http://127.1", false),
    ("http://localhost.evil.com", false, "http://localhost.evil.com", false),
    ("http://[::2]", false, "http://[::2]", false),
    ("http://10.0.0.1", false, "http://10.0.0.1", false),
  ])
  func parses(_ text: String, _ isSecure: Bool, _ written: String, _ isLoopback: Bool) throws {
    let base = try #require(BaseURL(text))
    #expect(base.isSecure == isSecure)
    #expect(base.text == written)
    #expect(base.isLoopback == isLoopback)
  }

  @Test(arguments: [
    "", "api.stripe.com", "ftp://x", "http://", "http://localhost@evil.com",
    "http://localhost:80@evil.com", "http://localhost/v1", "http://localhost?x",
    "http://localhost#",
    "http://localhost:0", "http://localhost:65536", "http://localhost:x", "http://a b",
    "http://localhost\r\n", "https://localhost\\@evil.com", "http://localhost%2eevil.com",
  ])
  func refuses(_ text: String) { #expect(BaseURL(text) == nil) }
}
