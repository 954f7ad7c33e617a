import Basics
import Stripe
import Synchronization
import Testing

@testable import BillingCore

/// A text as a file, a few bytes at a time.
private final class Text: ByteSource {
  private let rest: Mutex<ArraySlice<UInt8>>
  let isReady: Bool

  init(_ text: String, isReady: Bool = true) {
    rest = Mutex(Array(text.utf8)[...])
    self.isReady = isReady
  }

  func read() -> [UInt8] {
    rest.withLock { rest in
      defer { rest = rest.dropFirst(50) }
      return Array(rest.prefix(50))
    }
  }
}

@Suite(.tags(.unit)) struct EventFilesTests {
  static let secret = Secret("whsec_test")

  static func event(_ id: String, type: String = "customer.created") -> String {
    let json: JSON = [
      "id": .string(id), "object": "event", "type": .string(type), "created": 100,
      "livemode": false, "data": ["object": Sample.customer()],
    ]
    return json.compact
  }

  static func envelope(
    _ payload: String, secret: Secret = secret, header: String = "Stripe-Signature"
  ) -> String {
    let signature = WebhookSignature.sign(
      payload: Array(payload.utf8), secret: secret, at: Timestamp(5))
    let json: JSON = [
      "payload": .string(payload),
      "headers": .object(
        JSONObject(uniqueKeysWithValues: [("Host", "x"), (header, .string(signature))])),
    ]
    return json.compact
  }

  func files(_ texts: String..., isStream: Bool = false) -> [EventFile] {
    texts.enumerated().map { index, text in
      let opened = Mutex(0)
      return EventFile(name: "\(index).json", isStream: isStream) {
        opened.withLock { $0 += 1 }
        #expect(!isStream || opened.withLock { $0 } == 1, "a stream can be opened once")
        return Text(text)
      }
    }
  }

  /// All readings, a line each.
  func read(_ files: [EventFile], _ rule: SignatureRule) async throws -> [String] {
    let source = EventFiles(files, rule: rule)
    var lines: [String] = []
    while let batch = try await source.next() {
      lines += batch.readings.map { reading in
        switch reading {
        case .event(let incoming): "\(incoming.event.id) \(incoming.verdict.rawValue)"
        case .kept(let event): event.id
        case .unreadable(let place):
          "\(place.place): \(place.reason)\(place.isUnsigned ? " (unsigned)" : "")"
        }
      }
    }
    return lines
  }

  @Test func eventsAreTakenAsTheyAreWhereNobodyAsksForSignatures() async throws {
    let lines = try await read(
      files(
        Self.event("evt_1") + "\n" + Self.envelope(Self.event("evt_2")), "",
        "[\(Self.event("evt_3")),5,{\"id\":tru}]"), .unverified)
    #expect(
      lines == [
        "evt_1 unverified", "evt_2 unverified", "evt_3 unverified",
        "2.json, element 2: event is not an object",
        "2.json, element 3: no JSON: unexpected character, at its byte 9",
      ])
  }

  @Test func envelopesAreVerifiedWithoutRegardToAge() async throws {
    let texts = [
      Self.envelope(Self.event("evt_1")),
      Self.envelope(Self.event("evt_2"), header: "stripe-signature"),
      Self.envelope(Self.event("evt_3"), secret: Secret("whsec_old")),
      Self.envelope(Self.event("evt_4"), secret: Secret("whsec_other")),
      Self.event("evt_5"),
      #"{"payload":"{}","headers":{}}"#,
      Self.envelope(Self.event("evt_6")).replacing("customer.created", with: "customer.deleted"),
    ]
    let rule = SignatureRule.envelopes([Self.secret, Secret("whsec_old")])
    #expect(
      try await read(files(texts.joined(separator: "\n")), rule) == [
        "evt_1 verified", "evt_2 verified", "evt_3 verified",
        "0.json:4: \(SignatureError.mismatch.rawValue) (unsigned)",
        "0.json:5: it is not signed (unsigned)",
        "0.json:6: the envelope has no header Stripe-Signature (unsigned)",
        "0.json:7: \(SignatureError.mismatch.rawValue) (unsigned)",
      ])
  }

  /// The signature is over the bytes of the file, its last line end included.
  @Test func oneFileIsVerifiedWhole() async throws {
    let body = "  " + Self.event("evt_1") + "\n"
    let header = WebhookSignature.sign(
      payload: Array(body.utf8), secret: Self.secret, at: Timestamp(5))
    let rule = SignatureRule.header(header, [Self.secret])
    #expect(try await read(files(body), rule) == ["evt_1 verified"])
    #expect(
      try await read(files(body + "\n"), rule)
        == ["0.json: \(SignatureError.mismatch.rawValue) (unsigned)"])
  }

  @Test func howFilesBeginIsSeenWithoutTakingAnything() async throws {
    let envelope = Self.envelope(Self.event("evt_1"))
    let source = EventFiles(
      files("[\(envelope)]", Self.event("evt_2"), "", "no", "5", isStream: true),
      rule: .envelopes([Self.secret]))
    #expect(
      try await source.beginnings().map { $0.beginning }
        == [.envelope, .unsigned, .other, .other, .other])
    let batch = try await source.next()
    #expect(
      batch?.readings.map { $0.name } == ["evt_1", "1.json:1", "3.json:1", "4.json:1"])
  }

  /// Who waits for what a program prints sees each event when it comes.
  @Test func aStreamThatPausesHandsOverWhatThereIs() async throws {
    let text = Self.event("evt_1") + "\n" + Self.event("evt_2") + "\n"
    let slow = EventFile(name: "-", isStream: true) { Text(text, isReady: false) }
    let source = EventFiles([slow], rule: .unverified)
    #expect(try await source.next()?.readings.map { $0.name } == ["evt_1"])
    #expect(try await source.next()?.readings.map { $0.name } == ["evt_2"])
    #expect(try await source.next()?.readings.count == nil)
  }

  @Test func batchesEndSomewhere() async throws {
    let text = (1...200).map { Self.event("evt_\($0)") + "\n" }.joined()
    let source = EventFiles(files(text), rule: .unverified)
    var (sizes, length) = ([Int](), Int64(0))
    while let batch = try await source.next() {
      sizes.append(batch.readings.count)
      length += batch.length
    }
    #expect(sizes == [64, 64, 64, 8])
    #expect(length == Int64(text.utf8.count))
  }
}
