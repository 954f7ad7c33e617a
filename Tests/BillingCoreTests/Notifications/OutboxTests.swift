import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct OutboxTests {
  private func bench() throws -> OutboxBench {
    let bench = try OutboxBench()
    try bench.addCustomer()
    return bench
  }

  @Test func whatIsSentIsNotSentAgain() async throws {
    let bench = try bench()
    #expect(try bench.enqueue())
    #expect(try !bench.enqueue())
    let summary = try await bench.outbox().flush()
    #expect((summary.sent, summary.waiting, summary.isWhole) == (1, 0, true))
    #expect(bench.mailbox.lines == ["ada@example.com: 500 tokens for you"])
    #expect(try await bench.outbox().flush().sent == 0)
    #expect(try bench.messages() == ["sent ada@example.com 1"])
  }

  @Test func aRefusalForNowIsTriedAgainAndThenGivenUp() async throws {
    let bench = try bench()
    bench.mailbox.answer(["*": .refused(450, "450 later")])
    try bench.enqueue()
    #expect(try await bench.outbox().flush().failed == 1)
    #expect(try bench.messages() == ["failed ada@example.com 1 +60 450 later"])
    bench.clock.pass(59)
    #expect(try await bench.outbox().flush() == OutboxSummary.waiting(1))
    for pause in RetryPlan.pausesSeconds {
      bench.clock.pass(pause)
      _ = try await bench.outbox().flush()
    }
    #expect(try bench.messages() == ["dead ada@example.com 8 450 later"])
    #expect(bench.mailbox.attempts == 8)
  }

  @Test func aFinalRefusalKeepsNobodyElse() async throws {
    let bench = try bench()
    try bench.addCustomer("cus_2", email: "bob@example.com")
    bench.mailbox.answer(["ada@example.com": .refused(550, "550 no such user")])
    try bench.enqueue("one")
    try bench.enqueue("two", customer: "cus_2")
    var told: [String] = []
    let summary = try await bench.outbox().flush { told.append($0.status.rawValue) }
    #expect((summary.sent, summary.dead, summary.isWhole) == (1, 1, false))
    #expect(told == ["dead", "sent"])
    #expect(
      try bench.messages() == [
        "dead ada@example.com 1 550 no such user", "sent bob@example.com 1",
      ])
  }

  @Test func aServerThatDoesNotAnswerIsNotAskedForEachMessage() async throws {
    let bench = try bench()
    bench.mailbox.answer(["*": .failure(.refused, "connection refused")])
    for cause in ["one", "two", "three"] { try bench.enqueue(cause) }
    let summary = try await bench.outbox().flush()
    #expect((summary.failed, summary.waiting) == (1, 2))
    #expect(bench.mailbox.attempts == 1)
    // However long that lasts, no message is given up for it.
    for _ in 0..<20 {
      bench.clock.pass(3_600)
      _ = try await bench.outbox().flush()
    }
    #expect(try bench.messages().allSatisfy { $0.hasPrefix("failed ") })
    bench.mailbox.answer([:])
    bench.clock.pass(3_600)
    #expect(try await bench.outbox().flush().sent == 3)
  }

  @Test func aProcessThatEndedWhileItSentIsFollowedLater() async throws {
    let bench = try bench()
    try bench.enqueue()
    // It takes the message and is gone.
    bench.mailbox.answer(["*": .failure(.canceled, "")])
    await #expect(throws: CancellationError.self) { try await bench.outbox().flush() }
    #expect(try bench.messages() == ["sending ada@example.com 1 +900"])
    bench.mailbox.answer([:])
    #expect(try await bench.outbox().flush().sent == 0)
    bench.clock.pass(900)
    #expect(try await bench.outbox().flush().sent == 1)
    #expect(try bench.messages() == ["sent ada@example.com 2"])
  }

  @Test func everyAttemptBearsTheSameID() async throws {
    let bench = try bench()
    try bench.enqueue()
    let outbox = try bench.outbox()
    let first = try #require(try outbox.due([.email]).first)
    let catalogue = try OutboxBench.catalogue()
    let composer = MessageComposer(catalogue, MessageTemplates(), mode: .live)
    var later = first
    (later.attempts, later.status) = (3, .failed)
    let ids = try [first, later].map { try composer.mail(outbox.words(of: $0), of: $0).id }
    #expect(Set(ids).count == 1)
    _ = try await outbox.flush()
    #expect(bench.mailbox.messages.map { $0.id } == [ids[0]])
    #expect(ids[0].wholeMatch(of: /<billing\.[0-9a-f]{32}@example\.com>/) != nil)
  }

  @Test func whatIsSevenDaysOldIsNotSent() async throws {
    let bench = try bench()
    try bench.enqueue()
    bench.clock.pass(Outbox.lifeSeconds + 1)
    let summary = try await bench.outbox().flush()
    #expect((summary.sent, summary.expired) == (0, 1))
    #expect(
      try bench.messages() == ["expired ada@example.com 0 it was not sent within 7 days"])
    #expect(try await bench.outbox().flush().expired == 0)
  }

  @Test func nothingIsLostWithoutAWord() async throws {
    let bench = try bench()
    try bench.addCustomer("cus_2", email: nil)
    try bench.enqueue("one", customer: "cus_2")
    try bench.enqueue("two", customer: "cus_unknown")
    try bench.store.write { _ = try $0.alert(.drift, topic: "drift", payload: ["count": 3]) }
    _ = try await bench.outbox("{}").flush()
    #expect(
      try bench.messages() == [
        "skipped email 0 the customer has no e-mail address",
        "skipped email 0 the customer has no e-mail address",
        "skipped email 0 plans.yaml names no operators",
      ])
  }

  @Test func anAddressThatIsNoneIsGivenUp() async throws {
    let bench = try OutboxBench()
    try bench.addCustomer(email: "ada@example.com\r\nBcc: all@example.com")
    try bench.enqueue()
    #expect(try await bench.outbox().flush().dead == 1)
    #expect(bench.mailbox.attempts == 0)
  }

  @Test func aMessageWaitsForItsChannel() async throws {
    let bench = try bench()
    try bench.enqueue()
    let without = try bench.outbox(hasMail: false)
    #expect(try await without.flush() == OutboxSummary.waiting(1))
    #expect(try await bench.outbox().flush().sent == 1)
  }

  @Test func twoProcessesSendEachMessageOnce() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("billing.db")
    let mailbox = Mailbox()
    let stores = try (0..<3).map { _ in try Store.open(at: path, now: { noon }) }
    try stores[0].write { transaction in
      try transaction.putCustomer(CustomerRow(Customer(Sample.customer()), externalID: nil))
      for number in 0..<40 {
        _ = try transaction.enqueue(
          Notification(.tokensPurchased, customerID: "cus_1", cause: "\(number)", payload: [:]))
      }
    }
    let catalogue = try OutboxBench.catalogue()
    let rules = try #require(catalogue.notifications)
    let composer = MessageComposer(catalogue, MessageTemplates(), mode: .live)
    let sent = try await withThrowingTaskGroup(of: Int.self) { group in
      for store in stores {
        group.addTask {
          try await Outbox(store, rules, composer, .init(mail: mailbox)).flush().sent
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(sent == 40)
    #expect(Set(mailbox.messages.map { $0.id }).count == 40)
    #expect(mailbox.messages.count == 40)
  }
}

extension OutboxSummary {
  /// Nothing was done, and so many wait.
  fileprivate static func waiting(_ count: Int) -> OutboxSummary {
    var summary = OutboxSummary()
    summary.waiting = count
    return summary
  }
}
