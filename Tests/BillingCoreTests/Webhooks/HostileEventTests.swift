import Basics
import Foundation
import Stripe
import Testing

@testable import BillingCore

/// Events that no one at Stripe would write, and somebody might.
@Suite(.tags(.unit)) struct HostileEventTests {
  private let store: Store
  private let inbox: Inbox

  init() throws {
    store = try Store.inMemory(now: { noon })
    inbox = Inbox(store: store, mirror: .sample)
  }

  private func event(
    _ id: String, _ object: JSON, type: String = "customer.updated", at created: Int64 = 100,
    previous: JSON? = nil
  ) throws -> IncomingEvent {
    var data: JSONObject = ["object": object]
    data["previous_attributes"] = previous
    let json: JSON = [
      "id": .string(id), "object": "event", "type": .string(type), "created": .integer(created),
      "livemode": false, "data": .object(data),
    ]
    return try IncomingEvent(Array(json.compact.utf8), verdict: .verified)
  }

  // MARK: Names

  /// In the database a NUL would end an id, and two of them would be one.
  @Test(arguments: ["", "evt_1\0", "evt_\n1", String(repeating: "e", count: 256)])
  func anIDThatIsNone(_ id: String) throws {
    #expect(throws: MalformedObject.self) { try event(id, Sample.customer()) }
    #expect(throws: MalformedObject.self) { try event("evt_1", Sample.customer(), type: id) }
    let nameless = try event("evt_1", Sample.customer(id))
    #expect(try inbox.take([nameless]) == [.processed([])])
    #expect(try store.read { try $0.objectIDs(ofType: "customer") } == [])
  }

  // MARK: Numbers

  /// What is stored can be read again, so that it does not stand in the way of what comes after.
  @Test(arguments: ["1e30", "-12e20", "1e127", "1e-127", "9223372036854775808.5", "0.10"])
  func aNumberOfAnySize(_ number: String) throws {
    for (index, name) in ["one", "two"].enumerated() {
      var customer = Sample.customer(email: "\(name)@example.com").object ?? [:]
      customer["size"] = try JSON(parsing: number)
      let outcomes = try inbox.take([
        try event("evt_\(name)", .object(customer), at: 100 + Int64(index))
      ])
      #expect(outcomes == [.processed([])])
    }
    let stored = try store.read { try $0.objectJSON("cus_1") }
    #expect(stored?["email"] == "two@example.com")
    #expect(stored?["size"]?.decimal == Decimal(string: number))
  }

  // MARK: Secrets

  /// Wherever it stands: the bytes that are kept do not have it.
  @Test func aSecretIsKeptNowhere() throws {
    let secret: JSON = "pi_1_secret_neverseen42"
    let objects: [JSON] = [
      ["id": "pi_1", "object": "payment_intent", "client_secret": secret],
      [
        "id": "in_1", "object": "invoice",
        "confirmation_secret": ["type": "payment_intent", "client_secret": secret],
      ],
      [
        "id": "sub_1", "object": "subscription",
        "latest_invoice": ["payment_intent": [["client_secret": secret]]],
      ],
    ]
    for object in objects {
      let told = try event("evt_1", object, previous: ["client_secret": secret])
      #expect(!String(decoding: told.body, as: UTF8.self).contains("neverseen42"))
    }
    let empty = try event("evt_1", ["id": "cs_1", "object": "x", "client_secret": .null])
    #expect(String(decoding: empty.body, as: UTF8.self).contains("client_secret"))
  }

  // MARK: Two at once

  /// Another process was quicker: nothing is applied twice, and no attempt is counted twice.
  @Test func whatAnotherListenerDidIsNotDoneAgain() throws {
    let broken = Sample.subscription(changing: ["items": 1])
    _ = try inbox.receive([
      try event("evt_1", Sample.customer()),
      try event("evt_2", broken, type: "customer.subscription.updated"),
    ])
    let ids = ["evt_1", "evt_2"]
    #expect(try inbox.runDue(ids, at: noon).map { $0.word } == ["processed", "failed"])
    #expect(try inbox.runDue(ids, at: noon) == [.duplicate, .duplicate])
    #expect(try inbox.run(["evt_1"]) == [.duplicate])
    #expect(try inbox.runDue(ids, at: noon + 10).map { $0.word } == ["duplicate", "failed"])
    #expect(try inbox.run(["evt_1"], force: true) == [.processed([])])
    let attempts = try store.read { store in try ids.map { try store.event($0)?.attempts } }
    #expect(attempts == [2, 2])
  }

  // MARK: Anything anywhere

  /// Every field of every kind of event, as something that it never is: it is applied or it fails,
  /// and the rest goes on.
  @Test func anythingInAnyPlace() throws {
    let values: [JSON] = [
      .integer(.max), .integer(.min), -1, "", .null, [], [:], [[:]], true,
      .decimal(Decimal(sign: .plus, exponent: 30, significand: 1)), "a\0b",
    ]
    var seen: Set<String> = []
    var batch: [IncomingEvent] = []
    var turn = 0
    for whole in try stories() {
      let object = whole[at: "data", "object"] ?? .null
      let kind = "\(object["object"]?.string ?? "-") \(whole["type"]?.string ?? "-")"
      for path in Self.paths(in: object) where seen.insert("\(kind) \(path)").inserted {
        turn += 1
        // Which value it is changes from place to place, so that all of it takes a moment only.
        let value = values[turn % values.count]
        guard let changed = Self.setting(object, path[...], to: value).object,
          var event = whole.object
        else { continue }
        (event["id"], event["data"]) = (.string("evt_\(turn)"), ["object": .object(changed)])
        event["created"] = .integer((whole["created"]?.integer ?? 0) + Int64(turn))
        batch.append(try IncomingEvent(Array(JSON.object(event).compact.utf8), verdict: .verified))
      }
    }
    let outcomes = try inbox.take(batch)
    #expect(outcomes.count == batch.count && batch.count > 2_000)
    #expect(outcomes.count { $0.word == "processed" } > 1_000)
    // What is stored bears being read, and being told of again.
    #expect(try inbox.take(batch, force: true).count == batch.count)
  }

  private func stories() throws -> [JSON] {
    var root = URL(filePath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    let folder = root.appending(path: "fixtures/events").path
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .filter { $0.hasSuffix(".json") }
      .map { try JSON(parsing: Array(Data(contentsOf: URL(filePath: "\(folder)/\($0)")))) }
  }

  private static func paths(in value: JSON) -> [[String]] {
    var members: [(key: String, value: JSON)] = []
    if let object = value.object { members = object.members.map { ($0.key, $0.value) } }
    if let array = value.array { members = array.enumerated().map { ("\($0)", $1) } }
    return members.flatMap { key, value in [[key]] + paths(in: value).map { [key] + $0 } }
  }

  private static func setting(_ value: JSON, _ path: ArraySlice<String>, to new: JSON) -> JSON {
    guard let key = path.first else { return new }
    if var object = value.object {
      object[key] = setting(object[key] ?? .null, path.dropFirst(), to: new)
      return .object(object)
    }
    guard var array = value.array, let index = Int(key) else { return value }
    array[index] = setting(array[index], path.dropFirst(), to: new)
    return .array(array)
  }
}
