import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct EnvironmentTests {
  @Test func theProcessWinsOverTheFile() {
    let environment = Environment(
      process: ["A": "1", "C": ""], file: ["A": "2", "B": "3", "C": "4", "D": ""])
    #expect(environment["A"] == "1")
    #expect(environment["B"] == "3")
    #expect(environment["C"] == nil)
    #expect(environment["D"] == nil)
  }

  @Test(
    arguments: [
      ([:], [:], nil), (["K": "a"], ["K": "b"], .value(Secret("a"))),
      (["K_FILE": "/p"], ["K": "b"], .file("/p")), ([:], ["K": "b"], .value(Secret("b"))),
      ([:], ["K_FILE": "/q"], .file("/q")), (["K": "a", "K_FILE": "/p"], [:], .value(Secret("a"))),
      (["K": ""], ["K": "b"], nil),
    ] as [([String: String], [String: String], Environment.SecretSource?)])
  func sourcesOfSecrets(
    _ process: [String: String], _ file: [String: String], _ source: Environment.SecretSource?
  ) {
    #expect(Environment(process: process, file: file).source(of: "K") == source)
  }

  @Test(arguments: [("1", true), ("true", true), ("0", false), ("FALSE", false), ("", false)])
  func switches(_ value: String, _ isOn: Bool) {
    #expect(Environment(process: ["A": value]).isOn("A") == isOn)
  }

  @Test func secretsFromFilesAreTrimmedAndScrubbed() throws {
    let world = try TestWorld()
    try world.write("  whsec_fromafile  \nmore\n", to: "secret")
    let context = try world.context(environment: ["STRIPE_WEBHOOK_SECRET_FILE": "secret"])
    #expect(try context.secret("STRIPE_WEBHOOK_SECRET")?.reveal() == "whsec_fromafile")
    #expect(context.scrubber.scrub("it is whsec_fromafile.") == "it is ****.")
  }

  @Test func anEnvFileThatOthersMayReadIsWarnedOf() throws {
    let world = try TestWorld()
    let errors = MemoryOutput()
    try world.write("STRIPE_SECRET_KEY=sk_test_abcdefgh\n", to: ".env", mode: 0o644)
    _ = try world.context(errors: errors)
    #expect(
      errors.text
        == "warning: .env holds a secret and everyone on this machine may read it; chmod 600 .env\n"
    )
  }

  @Test(arguments: [("STRIPE_SECRET_KEY=sk_test_abcdefgh", 0o600), ("COLUMNS=80", 0o644)])
  func othersAreNot(_ text: String, _ mode: Int) throws {
    let world = try TestWorld()
    let errors = MemoryOutput()
    try world.write(text, to: ".env", mode: mode)
    _ = try world.context(errors: errors)
    #expect(errors.text == "")
  }
}
