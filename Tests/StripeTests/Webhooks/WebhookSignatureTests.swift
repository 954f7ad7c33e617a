import Basics
import Testing

@testable import Stripe

@Suite(.tags(.unit)) struct WebhookSignatureTests {
  private static let now = Timestamp(1_795_000_000)
  private static let secret = Secret("whsec_test_secret")
  private static let payload = Array(#"{"id":"evt_1","object":"event"}"#.utf8)

  private static func header(
    _ seconds: Int64 = now.seconds, _ secret: Secret = secret, _ payload: [UInt8] = payload
  ) -> String {
    WebhookSignature.sign(payload: payload, secret: secret, at: Timestamp(seconds))
  }

  private static func v1(_ header: String) -> String { String(header.split(separator: "=")[2]) }

  private func verify(
    _ header: String, payload: [UInt8] = payload, secrets: [Secret] = [secret],
    tolerance: Int64? = 300
  ) throws(SignatureError) {
    try WebhookSignature.verify(
      payload: payload, header: header, secrets: secrets, toleranceSeconds: tolerance,
      now: Self.now)
  }

  /// Made with `printf '1795000000.{…}' | openssl dgst -sha256 -hmac whsec_test_secret`.
  @Test func signsAsOpenSSLDoes() {
    #expect(
      Self.header()
        == "t=1795000000,v1=72c734d12afd8ad76cc934b45f99c9c5ab4584de0d79a5457c49d3d1ac7c56c0")
  }

  static let good = v1(header())
  static let bad = String(repeating: "0", count: 64)
  static let time = "t=\(now.seconds)"

  @Test(arguments: [
    header(),
    header(now.seconds - 299), header(now.seconds - 300), header(now.seconds + 300),
    "\(time),v1=\(bad),v1=\(good)",
    "\(time),v1=\(good),v1=\(bad)",
    "\(time),v0=\(bad),v1=\(good)",
    "\(time),v1=nothex,v1=\(good)",
    "v1=\(good),\(time)",
    "\(time),t=5,v1=\(good)",
    "t=+\(now.seconds),v1=\(good)",
    "\(time),v1=\(good),what,is=this",
  ])
  func accepts(_ header: String) throws { try verify(header) }

  @Test(
    arguments: [
      (header(now.seconds - 301), .tooOld),
      (header(now.seconds + 301), .tooNew),
      (header(now.seconds + 86_400), .tooNew),
      ("", .malformedHeader),
      ("\(time)", .noSignature),
      ("v1=\(good)", .malformedHeader),
      ("t=abc,v1=\(good)", .malformedHeader),
      ("t=,v1=\(good)", .malformedHeader),
      ("t=-5,v1=\(good)", .malformedHeader),
      ("t=9223372036854775807,v1=\(good)", .malformedHeader),
      ("t=99999999999999999999,v1=\(good)", .malformedHeader),
      ("\(time),v0=\(good)", .noSignature),
      ("\(time),v1=\(good.uppercased())", .mismatch),
      ("\(time), v1=\(good)", .noSignature),
      ("\(time),v1=\(good)=", .mismatch),
      ("\(time),v1=\(good.dropLast())", .mismatch),
      ("\(time),v1=", .mismatch),
      ("\(time),v1=é", .mismatch),
      ("t=5,\(time),v1=\(good)", .mismatch),
      ("\(time),v1=\(bad)", .mismatch),
      (String(repeating: "v1=00,", count: 2000) + header(), .malformedHeader),
    ] as [(String, SignatureError)])
  func rejects(_ header: String, _ error: SignatureError) {
    #expect(throws: error) { try verify(header) }
  }

  @Test func rejectsAnotherBody() {
    for payload in [Self.payload + [0x0A], Array(Self.payload.dropLast()), []] {
      #expect(throws: SignatureError.mismatch) { try verify(Self.header(), payload: payload) }
    }
  }

  @Test func takesBytesThatAreNoText() throws {
    let payload: [UInt8] = [0xFF, 0x00, 0xC3]
    try verify(Self.header(Self.now.seconds, Self.secret, payload), payload: payload)
  }

  @Test func takesSeveralSecretsDuringARotation() throws {
    let (old, new) = (Secret("whsec_old"), Secret("whsec_new"))
    let signatures = "v1=\(Self.v1(Self.header(Self.now.seconds, old)))"
    try verify("\(Self.time),\(signatures)", secrets: [new, old])
    try verify("\(Self.time),\(signatures)", secrets: [old, new])
    #expect(throws: SignatureError.mismatch) {
      try verify("\(Self.time),\(signatures)", secrets: [new])
    }
  }

  @Test func theWholeSecretIsTheKey() {
    let header = Self.header(Self.now.seconds, Secret("test_secret"))
    #expect(throws: SignatureError.mismatch) { try verify(header) }
  }

  @Test func needsASecret() {
    let header = Self.header(Self.now.seconds, Secret(""))
    #expect(throws: SignatureError.noSecret) { try verify(header, secrets: []) }
    #expect(throws: SignatureError.noSecret) { try verify(header, secrets: [Secret("")]) }
  }

  @Test func ageDoesNotCountWithoutATolerance() throws {
    try verify(Self.header(0), tolerance: nil)
    try verify(Self.header(Self.now.seconds + 1_000_000), tolerance: nil)
  }

  /// In some libraries a tolerance of zero turns the check off.
  @Test(arguments: [0, -1, Int64.min]) func aToleranceOfZeroIsNone(_ tolerance: Int64) {
    #expect(throws: SignatureError.tolerance) { try verify(Self.header(), tolerance: tolerance) }
  }
}
