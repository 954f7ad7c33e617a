import Basics
import GRDB
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct KeptAnswersTests {
  /// What earlier versions wrote into columns of their own.
  private static func oldStore() throws -> Store {
    let queue = try DatabaseQueue()
    try Migrations.migrator.migrate(queue, upTo: "12 outgoing webhooks")
    try queue.write { database in
      try database.execute(
        sql: """
          INSERT INTO token_entries (customer, kind, amount, balance_after, reference, note, actor,
            idempotency_key, created, created_at, updated_at)
          VALUES ('cus_1', 'granted', 5, 5, 't-1', 'tab\tand \u{7F}', 'ada', 'grant', 7, 7, 7),
            ('cus_1', 'consumed', -2, 3, 't-2', NULL, 'ada', 'consume', 8, 8, 8),
            ('cus_1', 'granted', 1, 4, 't-3', NULL, 'ada', 'both', 9, 9, 9);
          INSERT INTO api_keys (id, customer, prefix, hash, family, created, actor, meaning,
            revoked_at, revoked_by, idempotency_key, revocation_key, created_at, updated_at)
          VALUES ('key_1', 'cus_1', 'cdt', zeroblob(32), 'key_1', 7, 'ada',
            '{"command":"apikey create","customer":"cus_1"}', 9, 'ada', 'create', 'revoke', 7, 9),
            ('key_2', 'cus_1', 'cdt', randomblob(32), 'key_2', 7, 'ada', 'no json', NULL, NULL,
              'both', NULL, 7, 9);
          INSERT INTO own_entitlements (customer, feature, value, actor, meaning, idempotency_key,
            created_at, updated_at)
          VALUES ('cus_1', 'projects', '3', 'ada', '{"command":"entitlement set"}', 'own', 7, 7);
          """)
    }
    try Migrations.migrator.migrate(queue)
    return Store(path: ":memory:", isReadOnly: false, queue: queue, now: { noon })
  }

  private static func request(
    _ amount: Int64, _ reference: String, note: String? = nil, key: String
  ) -> TokenRequest {
    TokenRequest(
      customerID: "cus_1", amount: amount, reference: reference, note: note, actor: "bob",
      key: key)
  }

  @Test func whatWasDoneUnderAKeyBeforeIsToldAgain() throws {
    let store = try Self.oldStore()
    try store.write { transaction in
      let granted = Self.request(5, "t-1", note: "tab\tand \u{7F}", key: "grant")
      #expect(try transaction.grantTokens(granted, at: noon).balanceAfter == 5)
      let consumed = Self.request(2, "t-2", key: "consume")
      #expect(try transaction.consumeTokens(consumed, at: noon).balanceAfter == 3)
      let revoked = try transaction.revoke("key_1", by: "bob", idempotencyKey: "revoke", at: noon)
      #expect(revoked.revokedAt == Timestamp(9))
      let issued = try transaction.issue(
        APIKey.Request(
          customerID: "cus_1", name: nil, expiresAt: nil, actor: "bob",
          change: OwnChange(
            "apikey create", meaning: #"{"command":"apikey create","customer":"cus_1"}"#,
            key: "create")),
        as: APIKey.Fresh(
          id: "key_9",
          secret: APIKeySecret(
            prefix: "cdt", mode: .test, random: String(repeating: "A", count: 43))), at: noon)
      #expect(issued.key.id == "key_1" && issued.secret == nil)
      let own = try transaction.earlierRecord(
        OwnEntitlement.Request(
          customerID: "cus_1", featureID: "projects", value: 3, until: nil, note: nil,
          actor: "bob",
          change: OwnChange(
            "entitlement set", meaning: #"{"command":"entitlement set"}"#, key: "own")))
      #expect(own?.value == 3)
    }
  }

  @Test func anOldKeyStandsForNothingElse() throws {
    let store = try Self.oldStore()
    for (key, command) in [
      ("grant", "tokens grant"), ("consume", "tokens consume"), ("create", "apikey create"),
      ("revoke", "apikey revoke"), ("own", "entitlement set"), ("both", "tokens grant"),
    ] {
      #expect(throws: OperationError.idempotencyMismatch(key: key, command: command)) {
        try store.write { try $0.grantTokens(Self.request(9, "new", key: key), at: noon) }
      }
    }
  }

  /// A reference that is known is an answer too.
  @Test func aKeyOfAKnownReferenceIsTaken() throws {
    let store = try Self.oldStore()
    _ = try store.write { try $0.consumeTokens(Self.request(2, "t-2", key: "k"), at: noon) }
    #expect(throws: OperationError.idempotencyMismatch(key: "k", command: "tokens consume")) {
      try store.write { try $0.consumeTokens(Self.request(1, "t-9", key: "k"), at: noon) }
    }
  }

  @Test func whatChangedNothingIsNotKept() throws {
    let store = try Store.inMemory(now: { noon })
    let change = OwnChange("gate check", meaning: "{}", key: "k")
    for answer: JSON in [["allowed": false], ["allowed": true], ["allowed": false]] {
      let told = try store.write { transaction in
        try transaction.once(change, isKept: { $0["allowed"] == true }) { answer }
      }
      let isFirst = try store.read { try $0.answer(to: change) } == nil
      #expect(told == (isFirst ? ["allowed": false] : ["allowed": true]))
    }
  }
}
