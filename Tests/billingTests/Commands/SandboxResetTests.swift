import Testing

@testable import billing

@Suite(.tags(.unit)) struct SandboxResetTests {
  @Test func aDryRunRemovesNothingAndSaysSo() async throws {
    let world = try await Shop(seeds: false).world
    #expect(await world.run("--sandbox --quiet customer list").exit == .done)
    let files = ["stripe.sandbox.db", "billing.sandbox.db"]
    let result = await world.run("--sandbox sandbox reset --dry-run")
    #expect(result.output.hasPrefix("Would remove  "), "\(result.output)")
    #expect(result.output.hasSuffix("\n\nA dry run: nothing was removed.\n"))
    for file in files {
      #expect(world.exists(file))
      #expect(result.output.contains(file))
    }
    let done = await world.run("--sandbox sandbox reset --yes")
    #expect(done.output.hasPrefix("Removed  ") && !done.output.contains("dry run"))
    for file in files { #expect(!world.exists(file)) }
  }
}
