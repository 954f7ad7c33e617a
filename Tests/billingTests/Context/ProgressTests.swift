import Testing

@testable import billing

@Suite(.tags(.unit)) struct ProgressTests {
  private static let terminal = World.Terminal(errors: true, columns: 60)

  @Test func aBarAfterASecond() throws {
    let (world, errors) = (try TestWorld(), MemoryOutput())
    let progress = try world.context(errors: errors, terminal: Self.terminal)
      .progress("reading", total: 200)
    progress.advance(by: 20)
    #expect(errors.text == "")
    world.pass(milliseconds: 1000)
    progress.advance(by: 30)
    #expect(
      errors.text == "\r\u{1B}[Kreading [#######-----------------------] 25% (50 of 200)")
    progress.advance(by: 10)
    world.pass(milliseconds: 100)
    progress.advance(by: 140)
    progress.finish()
    #expect(
      errors.text.hasSuffix(
        "\r\u{1B}[Kreading [#############################-] 100% (200 of 200)\r\u{1B}[K")
        || errors.text.hasSuffix(
          "\r\u{1B}[Kreading [##############################] 100% (200 of 200)\r\u{1B}[K")
    )
  }

  @Test func aCountWithoutATotal() throws {
    let (world, errors) = (try TestWorld(), MemoryOutput())
    let progress = try world.context(errors: errors, terminal: Self.terminal).progress("reading")
    world.pass(milliseconds: 1000)
    progress.advance(by: 7)
    #expect(errors.text == "\r\u{1B}[Kreading 7")
  }

  @Test(arguments: [
    ("", [:], World.Terminal()), ("--quiet", [:], World.Terminal(errors: true)),
    ("", ["TERM": "dumb"], World.Terminal(errors: true)),
  ]) func nowhereElse(
    _ options: String, _ environment: [String: String], _ terminal: World.Terminal
  ) throws {
    let (world, errors) = (try TestWorld(), MemoryOutput())
    let progress = try world.context(
      options, environment: environment, errors: errors, terminal: terminal
    ).progress("reading", total: 10)
    world.pass(milliseconds: 5000)
    progress.advance(by: 5)
    progress.finish()
    #expect(errors.text == "")
  }
}
