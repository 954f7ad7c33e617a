import Basics
import GRDB
import Stripe
import StripeSandbox
import Synchronization
import Testing

@testable import BillingCore

/// What the mirror holds depends on what Stripe said, and not on who told it first: answers and
/// events of a whole session are taken in, in many orders, and leave the same tables.
@Suite(.tags(.integration)) struct MirrorOrderIntegrationTests {
  /// Something that Stripe said: the answer to a call, or an event.
  enum Telling: Sendable {
    case answer(JSON, Timestamp)
    case event([UInt8])
  }

  /// A session at the sandbox, a second between two calls, in the order in which it was told.
  private static func session() throws -> [Telling] {
    let clock = Mutex(noon)
    let counter = Mutex(0)
    let sandbox = try Sandbox(
      Sandbox.Configuration(
        path: nil, systemTime: { clock.withLock { $0 } },
        makeToken: { length in
          let number = counter.withLock { count in
            count += 1
            return count
          }
          return String((String(repeating: "0", count: length) + "\(number)").suffix(length))
        }))
    var (tellings, seen) = ([Telling](), Int64(0))
    func call(_ method: String, _ path: String, _ form: String = "") throws -> JSON {
      clock.withLock { $0 = $0 + 1 }
      let isRead = method == "GET"
      let answer = sandbox.respond(
        to: SandboxRequest(
          method: method, target: "/v1/" + path + (isRead && !form.isEmpty ? "?\(form)" : ""),
          headers: [
            (name: "Authorization", value: "Bearer sk_test_sandbox"),
            (name: "Content-Type", value: "application/x-www-form-urlencoded"),
          ], body: isRead ? [] : Array(form.utf8)))
      let json = try JSON(parsing: answer.body)
      try #require(answer.status == 200, "\(method) \(path): \(json.compact)")
      tellings.append(.answer(json, clock.withLock { $0 }))
      for event in try sandbox.events(after: seen, limit: 500) {
        tellings.append(.event(event.body))
        seen = event.sequence
      }
      return json
    }
    let id = { (json: JSON) in json["id"]?.string ?? "-" }
    _ = try call("POST", "products", "id=billing_starter&name=Starter")
    let recurring = "product=billing_starter&currency=usd&recurring[interval]=month"
    let small = id(try call("POST", "prices", recurring + "&unit_amount=1900"))
    let large = id(try call("POST", "prices", recurring + "&unit_amount=4900"))
    _ = try call(
      "POST", "coupons", "id=launch&percent_off=20&duration=repeating&duration_in_months=3")
    let ada = id(try call("POST", "customers", "email=ada%40example.com&metadata[user_id]=u-1"))
    let card = id(try call("POST", "payment_methods/pm_card_visa/attach", "customer=\(ada)"))
    _ = try call(
      "POST", "customers/\(ada)", "invoice_settings[default_payment_method]=\(card)&name=Ada")
    let made = try call(
      "POST", "subscriptions",
      """
      customer=\(ada)&items[0][price]=\(small)&discounts[0][coupon]=launch\
      &expand[0]=latest_invoice.confirmation_secret&expand[1]=discounts.source.coupon
      """)
    let item = made["items"]?["data"]?.array?.first?["id"]?.string ?? "-"
    _ = try call(
      "POST", "subscriptions/\(id(made))", "items[0][id]=\(item)&items[0][price]=\(large)")
    _ = try call("POST", "subscriptions/\(id(made))", "cancel_at_period_end=true")
    _ = try call("GET", "subscriptions/\(id(made))", "expand[0]=customer")
    _ = try call("POST", "subscriptions/\(id(made))", "cancel_at_period_end=false")
    _ = try call("DELETE", "subscriptions/\(id(made))", "prorate=true&invoice_now=true")
    let open = try call(
      "POST", "subscriptions",
      "customer=\(ada)&items[0][price]=\(small)&payment_behavior=default_incomplete")
    _ = try call("DELETE", "subscriptions/\(id(open))")
    _ = try call("DELETE", "customers/\(ada)")
    let bob = id(try call("POST", "customers", "email=bob%40example.com"))
    _ = try call("POST", "customers/\(bob)", "name=Bob&metadata[user_id]=u-2")
    return tellings
  }

  /// All tables after all was told, without what says when and by whom. Of a customer that is
  /// deleted `objects` tells that it is; its row is what happened to be known of it before.
  private func tables(_ tellings: [Telling]) throws -> [String] {
    let store = try Store.inMemory(now: { noon })
    let inbox = Inbox(store: store, mirror: .sample)
    for telling in tellings {
      switch telling {
      case .event(let body):
        let outcome = try inbox.take([IncomingEvent(body, verdict: .trusted)]).first
        if case .failed(let reason) = outcome { Issue.record("\(reason)") }
      case .answer(let json, let date):
        guard let snapshot = Snapshot(json, origin: .response, asOf: date, cause: "op") else {
          continue
        }
        _ = try store.write { try StripeMirror.sample.apply(snapshot, in: $0) }
      }
    }
    let left: Set<String> = ["created_at", "updated_at", "as_of", "origin", "cause"]
    return try store.read { transaction in
      try [
        "objects", "customers", "subscriptions", "subscription_items", "invoices",
        "payment_methods", "products", "prices",
      ].flatMap { table in
        let living = table == "customers" ? "WHERE deleted = 0" : ""
        return try Row.fetchAll(
          transaction.database, sql: "SELECT * FROM \(table) \(living) ORDER BY id"
        ).map { row in
          "\(table) " + (try transaction.words(of: row, without: left).joined(separator: " "))
        }
      }
    }
  }

  /// Shows the rows that are otherwise.
  private func compare(_ tellings: [Telling], with expected: [String]) throws {
    let difference = try tables(tellings).difference(from: expected).map { change in
      switch change {
      case .insert(_, let row, _): "+ " + row
      case .remove(_, let row, _): "- " + row
      }
    }
    #expect(difference == [])
  }

  @Test func whicheverComesFirst() throws {
    let tellings = try Self.session()
    let answers = tellings.filter { if case .answer = $0 { true } else { false } }
    let events = tellings.filter { if case .event = $0 { true } else { false } }
    #expect(answers.count == 18 && events.count > 20)
    let expected = try tables(tellings)
    #expect(expected.contains { $0.hasPrefix("subscriptions") && $0.contains("canceled") })
    try compare(events + answers, with: expected)
    try compare(answers + events, with: expected)
    try compare(events.reversed() + answers.reversed(), with: expected)
    try compare(answers.reversed() + events.reversed(), with: expected)
    try compare(tellings.reversed(), with: expected)
  }

  @Test(arguments: 1...20) func inAnyOrder(seed: UInt64) throws {
    let tellings = try Self.session()
    var generator = Generator(state: seed)
    let expected = try tables(tellings)
    // Each may also come twice.
    let shuffled = (tellings + tellings).shuffled(using: &generator)
    try compare(shuffled, with: expected)
  }
}

/// SplitMix64 (https://prng.di.unimi.it/splitmix64.c): the same orders in every run.
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
