import Testing

@testable import billing

@Suite(.tags(.unit)) struct ConfirmationTests {
  private static let terminal = World.Terminal(input: true, output: true, errors: true)

  @Test(arguments: ["y\n", "Y\n", " yes \n", "YES"]) func yes(_ answer: String) throws {
    let errors = MemoryOutput()
    let context = try TestWorld().context(
      "--sandbox", errors: errors, terminal: Self.terminal, input: answer)
    try context.requireWrite("delete the customer \u{1B}[2Jcus_1", destroys: true)
    #expect(errors.text == "Delete the customer \\x1b[2Jcus_1? [y/N] ")
  }

  @Test(arguments: ["n\n", "\n", "", "yep\n"]) func no(_ answer: String) throws {
    let context = try TestWorld().context(
      "--sandbox", terminal: Self.terminal, input: answer)
    #expect(
      throws: CommandError(
        "confirmation_required", "not confirmed; nothing was changed", exit: .usage)
    ) { try context.requireWrite("delete it", destroys: true) }
  }

  @Test(arguments: [
    World.Terminal(), World.Terminal(input: true), World.Terminal(errors: true),
  ]) func nobodyToAsk(_ terminal: World.Terminal) throws {
    let context = try TestWorld().context("--sandbox", terminal: terminal, input: "y\n")
    #expect(
      throws: CommandError(
        "confirmation_required", "not confirmed: delete it", hint: "run it again with --yes",
        exit: .usage)
    ) { try context.requireWrite("delete it", destroys: true) }
  }

  @Test func yesAsAnOption() throws {
    let errors = MemoryOutput()
    let context = try TestWorld().context("--sandbox --yes", errors: errors)
    try context.requireWrite("delete it", destroys: true)
    #expect(errors.text == "")
  }

  @Test func whatDestroysNothingIsNotAsked() throws {
    try TestWorld().context("--sandbox").requireWrite("create it")
  }
}
