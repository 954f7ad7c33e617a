import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct APIKeyIssuingTests {
  let store: Store

  init() throws { store = try Store.inMemory(now: { noon }) }

  private func request(
    _ name: String? = nil, meaning: String = "m", key: String? = nil, expires: Timestamp? = nil
  ) -> APIKey.Request {
    APIKey.Request(
      customerID: "cus_1", name: name, expiresAt: expires, actor: "ada@host",
      change: OwnChange("apikey create", meaning: #"{"m":"\#(meaning)"}"#, key: key))
  }

  private func fresh(_ number: Int) -> APIKey.Fresh {
    APIKey.Fresh(
      id: "key_\(number)",
      secret: APIKeySecret(
        prefix: "cdt", mode: .test,
        random: String(repeating: "A", count: 42) + "\(number)"))
  }

  private func issue(_ number: Int, _ request: APIKey.Request) throws -> APIKey.Issued {
    try store.write { try $0.issue(request, as: fresh(number), at: noon) }
  }

  private func rotate(
    _ id: String, into number: Int, overlap: TimeSpan = TimeSpan(seconds: 60),
    _ request: APIKey.Request? = nil, at now: Timestamp = noon
  ) throws -> (old: APIKey, new: APIKey.Issued) {
    try store.write {
      try $0.rotate(
        id, overlap: overlap, request ?? self.request(), as: fresh(number), at: now)
    }
  }

  @Test func aNameStandsForOneActiveKey() throws {
    let first = try issue(1, request("ci")).key
    #expect(throws: APIKeyConflict.nameTaken(first)) { try issue(2, request("ci")) }
    _ = try issue(3, request("ci2"))
    _ = try issue(4, request())
    _ = try issue(5, request())
    _ = try store.write { try $0.revoke("key_1", by: "ada", idempotencyKey: nil, at: noon) }
    _ = try issue(6, request("ci"))
    #expect(
      try store.read { try $0.apiKeys(ofCustomer: "cus_1").map { $0.id } }
        == ["key_6", "key_5", "key_4", "key_3", "key_1"])
  }

  @Test func anIdempotencyKeyMakesOne() throws {
    let first = try issue(1, request(key: "k"))
    #expect(first.secret != nil)
    #expect(try issue(2, request(key: "k")) == APIKey.Issued(key: first.key, secret: nil))
    #expect(throws: OperationError.idempotencyMismatch(key: "k", command: "apikey create")) {
      try issue(2, request(meaning: "other", key: "k"))
    }
    #expect(throws: OperationError.idempotencyMismatch(key: "k", command: "apikey create")) {
      try store.write { try $0.revoke("key_1", by: "ada", idempotencyKey: "k", at: noon) }
    }
  }

  @Test func anIdempotencyKeyRevokesOne() throws {
    for number in 1...2 { _ = try issue(number, request()) }
    let revoke = { (id: String) in
      try store.write { try $0.revoke(id, by: "ada", idempotencyKey: "k", at: noon) }
    }
    #expect(try revoke("key_1").revokedAt == noon)
    #expect(try revoke("key_1").revokedAt == noon)
    #expect(throws: OperationError.idempotencyMismatch(key: "k", command: "apikey revoke")) {
      try revoke("key_2")
    }
  }

  @Test func aSuccessorHasWhatTheOldKeyHad() throws {
    _ = try issue(1, request("ci", expires: noon + 86_400))
    let (old, new) = try rotate("key_1", into: 2, at: noon + 3600)
    #expect(old.expiresAt == noon + 3660 && old.revokedAt == nil)
    #expect(new.key.name == "ci" && new.key.familyID == "key_1")
    #expect(new.key.expiresAt == noon + 3600 + 86_400)
    let (_, third) = try rotate("key_2", into: 3, at: noon + 7200)
    #expect(third.key.familyID == "key_1" && third.key.rotatedFromID == "key_2")
  }

  /// Two keys that both came in the place of one would be one more than anybody knows of.
  @Test func aKeyIsRotatedOnce() throws {
    _ = try issue(1, request("ci"))
    _ = try rotate("key_1", into: 2)
    #expect(throws: APIKeyConflict.isRotated(id: "key_1", into: "key_2")) {
      try rotate("key_1", into: 3)
    }
    // The name went with it.
    #expect(throws: APIKeyConflict.self) { try issue(4, request("ci")) }
  }

  @Test func withoutAnOverlapTheOldKeyEndsAtOnce() throws {
    _ = try issue(1, request())
    let (old, _) = try rotate("key_1", into: 2, overlap: TimeSpan())
    #expect(old.revokedAt == noon)
    #expect(try store.read { try $0.apiKey("key_1") } == old)
  }

  @Test func anOverlapGivesNoKeyMoreTimeThanItHad() throws {
    _ = try issue(1, request(expires: noon + 10))
    let (old, _) = try rotate("key_1", into: 2)
    #expect(old.expiresAt == noon + 10)
  }

  @Test func aKeyThatHasEndedIsNotRotated() throws {
    var key = try issue(1, request(expires: noon + 10)).key
    #expect(throws: APIKeyConflict.hasEnded(key)) { try rotate("key_1", into: 2, at: noon + 10) }
    key = try store.write { try $0.revoke("key_1", by: "ada", idempotencyKey: nil, at: noon) }
    #expect(throws: APIKeyConflict.hasEnded(key)) { try rotate("key_1", into: 2) }
    #expect(throws: APIKeyConflict.unknown(id: "key_9")) { try rotate("key_9", into: 2) }
  }

  @Test func aRotationUnderAKeyIsOne() throws {
    _ = try issue(1, request())
    let first = try rotate("key_1", into: 2, request(key: "k"))
    let again = try rotate("key_1", into: 3, request(key: "k"))
    #expect(again.new.key == first.new.key && again.new.secret == nil)
    #expect(again.old == first.old)
  }

  /// What must never happen, whoever writes the SQL.
  @Test(arguments: [
    "UPDATE api_keys SET revoked_at = NULL, revoked_by = NULL",
    "UPDATE api_keys SET customer = 'cus_2'", "UPDATE api_keys SET hash = zeroblob(32)",
    "DELETE FROM api_keys", "UPDATE api_keys SET hash = 'text'", "UPDATE api_keys SET name = ''",
  ])
  func theTableRefuses(_ sql: String) throws {
    _ = try issue(1, request())
    _ = try store.write { try $0.revoke("key_1", by: "ada", idempotencyKey: nil, at: noon) }
    #expect(throws: StoreError.self) {
      try store.write { try $0.run(sql) }
    }
  }

  /// Its rows tell neither the key nor what would lead to it.
  @Test func onlyTheHashIsStored() throws {
    let secret = try #require(try issue(1, request("ci")).secret).reveal()
    let row = try store.read { try $0.apiKeyDump() }
    #expect(!row.contains(secret.dropFirst(17)), "\(row)")
    #expect(row.contains(Hex.encode(Hash.sha256(Array(secret.utf8)))))
  }
}
