import Testing

@testable import billing

@Suite(.tags(.integration)) struct SandboxServeIntegrationTests {
  @Test func aPortInUse() async throws {
    let listener = try SilentListener()
    let result = try await TestWorld().run("--quiet sandbox serve --port \(listener.port)")
    #expect(
      result
        == TestWorld.Result(
          exit: .configuration, output: "",
          errors: """
            error: 127.0.0.1:\(listener.port) is in use
            hint: --port 0 takes a free port

            """))
  }

  @Test func aHostThatIsNoneOfOurs() async throws {
    let result = try await TestWorld().run("--quiet sandbox serve --port 0 --host 192.0.2.1")
    #expect(result.exit == .configuration)
    #expect(
      result.errors.hasPrefix(
        "error: cannot listen on 192.0.2.1: it is no address of this machine\n"))
  }
}
