import Basics
import Foundation
import GRDB
import Testing

@testable import BillingCore

/// The step of the schema that words some rules anew.
@Suite(.tags(.unit)) struct FastWritesTests {
  private static func event(_ status: String, _ verdict: String, id: String = "evt_1") -> String {
    """
    INSERT INTO events (id, type, created, livemode, status, attempts, body, received_at,
      created_at, updated_at, verdict)
    VALUES ('\(id)', 'x', 1, 0, '\(status)', 0, x'', 1, 1, 1, '\(verdict)')
    """
  }

  private static func object(_ origin: String) -> String {
    """
    INSERT INTO objects (id, type, json, as_of, origin, created_at, updated_at)
    VALUES ('cus_1', 'customer', '', 1, '\(origin)', 1, 1)
    """
  }

  /// A file as the version before wrote it, brought up to date.
  private func migrated() throws -> DatabaseQueue {
    let queue = try DatabaseQueue()
    try Migrations.migrator.migrate(queue, upTo: "14 messages")
    try queue.write { try $0.execute(sql: Self.event("failed", "trusted", id: "evt_0")) }
    try Migrations.migrator.migrate(queue)
    return queue
  }

  @Test(arguments: [event("pending", "verified"), object("event")])
  func aRowIsWrittenWithoutATableOfItsOwn(sql: String) throws {
    let steps = try migrated().read { database in
      try Row.fetchAll(database, sql: "EXPLAIN \(sql)").map { $0["opcode"] as String }
    }
    #expect(steps.contains("IdxInsert") && !steps.contains("OpenEphemeral"))
  }

  @Test(arguments: [event("done", "verified"), event("pending", "believed"), object("rumour")])
  func theRulesStillHold(sql: String) throws {
    #expect(throws: DatabaseError.self) { try migrated().write { try $0.execute(sql: sql) } }
  }

  @Test(arguments: ["pending", "processed", "ignored", "failed"])
  func everyStateCanBeWritten(status: String) throws {
    for verdict in ["verified", "trusted", "unverified"] {
      try migrated().write { try $0.execute(sql: Self.event(status, verdict)) }
    }
  }

  @Test func whatWasThereIsFound() throws {
    let store = Store(path: ":memory:", isReadOnly: false, queue: try migrated(), now: { noon })
    #expect(try store.read { try $0.eventCounts() } == ["failed": 1])
    #expect(try store.pageFaults() == [])
    #expect(try store.schemaFaults() == [])
  }
}
