import Basics
import Testing

@Suite(.tags(.unit)) struct HashTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func digestsOfFIPS180(text: String, digest: String) {
    #expect(Hex.encode(Hash.sha256(Array(text.utf8))) == digest)
  }

  @Test(
    arguments: [
      (
        [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
      ),
      (
        [UInt8](repeating: 0xAA, count: 131),
        Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
      ([], [], "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ] as [([UInt8], [UInt8], String)])
  func codesOfRFC4231(key: [UInt8], message: [UInt8], code: String) {
    #expect(Hex.encode(Hash.hmacSHA256(key: key, message)) == code)
    let halves = (Array(message.prefix(3)), Array(message.dropFirst(3)))
    #expect(Hex.encode(Hash.hmacSHA256(key: key, halves.0, halves.1)) == code)
  }

  @Test func comparesBytes() {
    #expect(Hash.constantTimeEqual([], []))
    #expect(Hash.constantTimeEqual([1, 2], [1, 2]))
    #expect(!Hash.constantTimeEqual([1, 2], [1, 3]))
    #expect(!Hash.constantTimeEqual([1, 2], [1, 2, 0]))
  }
}

@Suite(.tags(.unit)) struct HexTests {
  @Test func goesBothWays() {
    let all = [UInt8](UInt8.min...UInt8.max)
    #expect(Hex.encode([0, 0x0F, 0xA0, 0xFF]) == "000fa0ff")
    #expect(Hex.decode(Hex.encode(all)) == all)
    #expect(Hex.decode("") == [])
  }

  @Test(arguments: ["0", "0g", "FF", "fF", " 00", "0x00", "00 ", "é0"])
  func refuses(text: String) {
    #expect(Hex.decode(text) == nil)
  }
}

@Suite(.tags(.unit)) struct RandomTests {
  @Test func makesTokensOfLettersAndDigits() {
    #expect(Random.token(length: 0).isEmpty)
    let token = Random.token(length: 10_000)
    #expect(token.utf8.count == 10_000)
    #expect(token.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
    #expect(Set(token).count == 62)
  }

  @Test func doesNotRepeatItself() {
    #expect(Random.bytes(0).isEmpty)
    #expect(Random.bytes(32).count == 32)
    #expect(Set((0..<1000).map { _ in Random.token(length: 24) }).count == 1000)
  }
}

@Suite(.tags(.unit)) struct SecretTests {
  @Test(arguments: [
    ("", "****"), ("short", "****"), ("fifteen_letters", "****"),
    ("sk_test_51AbCdEfGhIjKlMnOp", "sk_test_****MnOp"),
    ("whsec_0123456789abcdef", "whsec_****cdef"),
    ("abcdefghijklmnopqrstuvwx", "****uvwx"),
    ("abcdefg_ijklmnop", "****mnop"),
  ])
  func showsAtMostItsKindAndItsEnd(text: String, redacted: String) {
    #expect(Secret(text).redacted == redacted)
    #expect(Secret(text).reveal() == text)
    #expect(Secret(text).isEmpty == text.isEmpty)
  }

  @Test func nothingThatPrintsShowsTheText() {
    struct Holder { let secret: Secret, list: [Secret], optional: Secret? }
    let text = "sk_live_TheMiddleStaysHidden1234"
    let secret = Secret(text)
    let holder = Holder(secret: secret, list: [secret], optional: secret)
    var dumped = ""
    dump(holder, to: &dumped)
    let outputs = [
      "\(secret)", "\(holder)", String(describing: secret), String(reflecting: secret),
      String(reflecting: holder), dumped, "\(Mirror(reflecting: secret).children.map { $0 })",
    ]
    for output in outputs { #expect(!output.contains("Middle")) }
    #expect(secret == Secret(text))
  }
}
