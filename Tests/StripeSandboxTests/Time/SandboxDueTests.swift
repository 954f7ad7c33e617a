import Basics
import Synchronization
import Testing

@testable import StripeSandbox

/// Things that are due at moments of their own: what becomes of the clock when one of them fails.
@Suite struct SandboxDueTests {
  /// A thing is due at `due`, and then again every `again` seconds; it fails where it is `broken`.
  private enum Things: Resource {
    static let types = [
      ResourceType(
        "thing", idPrefix: "th",
        due: Due(moment: { $0.timestamp("due") }) { call, thing in
          try call.emit("thing.done", thing)
          guard thing["broken"] != true else { throw SandboxError.unexpected }
          guard thing["stuck"] != true else { return }
          let again = thing.integer("again").map { call.now + $0 }
          try call.save(thing.setting(["due": .time(again)]))
        })
    ]

    static let operations: [Operation] = [
      .own(
        "POST", "/sandbox/things",
        parameters: ["due": .integer, "again": .integer, "broken": .boolean, "stuck": .boolean],
        returns: "thing"
      ) { call in
        let due = call.integer("due").map { call.now + $0 }
        return .object(
          try call.create(
            [
              "id": .string(call.newID("th")), "object": "thing", "due": .time(due),
              "again": call["again"] ?? .null, "broken": call["broken"] ?? false,
              "stuck": call["stuck"] ?? false,
            ], event: "thing.created"))
      },
      .own("GET", "/sandbox/things", returns: "list:thing") { call in try call.list("thing") },
    ]
  }

  private func sandbox(path: String? = nil) throws -> TestSandbox {
    try TestSandbox(path: path, registry: Registry([Things.self, SandboxClock.self]))
  }

  /// The moments at which things were done, in seconds from the start.
  private func done(_ stripe: TestSandbox) throws -> [Int64] {
    try stripe.events().filter { $0["type"] == "thing.done" }.compactMap {
      $0["created"]?.integer.map { $0 - TestSandbox.start.seconds }
    }
  }

  @Test(.tags(.unit)) func inOrderAndEachAtItsMoment() throws {
    let stripe = try sandbox()
    for due in [30, 10, 20] { _ = stripe.post("/sandbox/things", "due=\(due)&again=25") }
    stripe.wait(seconds: 60)
    _ = stripe.get("/sandbox/things")
    #expect(try done(stripe) == [10, 20, 30, 35, 45, 55, 60])
  }

  @Test(.tags(.unit)) func whatShouldHaveBeenDoneIsDoneNow() throws {
    let stripe = try sandbox()
    _ = stripe.post("/sandbox/things", "due=-100")
    stripe.wait(seconds: 60)
    _ = stripe.get("/sandbox/things")
    #expect(try done(stripe) == [0])
  }

  @Test(.tags(.unit), arguments: ["broken", "stuck"])
  func whatFailsDoesNotHoldTheClockUp(fault: String) throws {
    let stripe = try sandbox()
    _ = stripe.post("/sandbox/things", "due=10")
    _ = stripe.post("/sandbox/things", "due=20&\(fault)=true")
    _ = stripe.post("/sandbox/things", "due=30")
    stripe.wait(seconds: 60)
    #expect(stripe.get("/sandbox/things").status == 200)
    // Of what failed nothing stays; it is tried again a day later.
    #expect(try done(stripe) == [10, 30])
    #expect(try stripe.sandbox.catchUp().isEmpty)
    stripe.wait(seconds: Sandbox.secondsAfterFailure - 41)
    #expect(try stripe.sandbox.catchUp().isEmpty)
    stripe.wait(seconds: 1)
    #expect(try stripe.sandbox.catchUp().count == 1)
  }

  @Test(.tags(.unit)) func anAdvanceOnWhichSomethingFailsArrives() throws {
    let stripe = try sandbox()
    _ = stripe.post("/sandbox/things", "due=10")
    _ = stripe.post("/sandbox/things", "due=20&broken=true")
    _ = stripe.post("/sandbox/things", "due=30")
    #expect(throws: SandboxError.self) { try stripe.sandbox.advance(by: TimeSpan(seconds: 60)) }
    #expect(stripe.get("/sandbox/clock")["now"] == .time(TestSandbox.start + 60))
    #expect(try done(stripe) == [10, 30])
  }

  @Test(.tags(.unit)) func whatGoesFartherIsNotCutShort() throws {
    let stripe = try sandbox()
    _ = stripe.post("/sandbox/things", "due=10&again=1000")
    let other = try SandboxClock.target(from: TestSandbox.start, by: TimeSpan(seconds: 500))
    // While one advance is on its way, another process asks for a longer one.
    try stripe.sandbox.advance(to: TestSandbox.start + 60) { moment in
      #expect(moment == TestSandbox.start + 60)
    }
    try stripe.sandbox.store.write { store in
      try store.set("clock_target", to: String(other.seconds))
    }
    try stripe.sandbox.advance(to: TestSandbox.start + 70)
    #expect(stripe.get("/sandbox/clock")["now"] == .time(other))
    // One that is asked for while another waits to be gone begins at its end.
    try stripe.sandbox.store.write { store in
      try store.set("clock_target", to: String((other + 100).seconds))
      let settings = try Settings(readFrom: store)
      let call = stripe.sandbox.call(at: other, clock: nil, on: "", settings, store)
      _ = try SandboxClock.operations.first { $0.path == SandboxClock.advancePath }?.run(
        call.calling(["duration": "100s"]))
    }
    #expect(stripe.get("/sandbox/clock")["now"] == .time(other + 200))
  }

  @Test(.tags(.unit)) func anAdvanceThatIsCutGoesOn() throws {
    struct Killed: Error {}
    let stripe = try sandbox()
    let count = Sandbox.dueBatch * 5 / 2
    _ = stripe.post("/sandbox/things", "due=1&again=1")
    // The second batch is lost: as if the process had been killed in it.
    let batches = Mutex(0)
    #expect(throws: Killed.self) {
      try stripe.sandbox.runDue(clock: nil, until: TestSandbox.start + Int64(count)) { _ in
        let number = batches.withLock { batches in
          batches += 1
          return batches
        }
        if number == 2 { throw Killed() }
      }
    }
    #expect(try done(stripe) == (1...Int64(Sandbox.dueBatch)).map { $0 })
    _ = try stripe.sandbox.advance(by: TimeSpan(seconds: Int64(count)))
    #expect(try done(stripe) == (1...Int64(count)).map { $0 })
  }
}
