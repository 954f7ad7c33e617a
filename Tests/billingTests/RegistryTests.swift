import Foundation
import Testing

@testable import billing

/// What holds for every command, so that none is added without its help, session and place.
@Suite(.tags(.unit)) struct RegistryTests {
  /// The names for which a rule does not hold; empty is what each test expects.
  private func names(where fails: (any Command.Type) -> Bool) -> [String] {
    Registry.commands.filter { fails($0) }.map { $0.name }
  }

  @Test func namesStandOnce() {
    let names = Registry.commands.map { $0.name }
    #expect(Set(names).count == names.count)
  }

  @Test func everyCommandHasHelpAndAnExample() {
    #expect(names { $0.summary.isEmpty || $0.summary.hasSuffix(".") } == [])
    #expect(names { $0.discussion.isEmpty } == [])
    #expect(names { $0.examples.isEmpty } == [])
    #expect(
      names {
        let usage = HelpText.usage(of: $0, options: false)
        return !HelpText.page($0.name).contains("Usage: billing \(usage)")
      } == [])
  }

  @Test func everyExampleParses() throws {
    for command in Registry.commands {
      for example in command.examples {
        guard case .run(let parsed, _, _) = try Invocation(Session.words(of: example)) else {
          Issue.record("billing \(example) runs nothing")
          continue
        }
        #expect(type(of: parsed).name == command.name, "billing \(example)")
      }
    }
  }

  @Test func everyCommandHasASession() {
    let missing = names { command in
      guard let session = try? Session(path: Session.path(of: command.name)) else { return true }
      return !session.text.contains("billing")
    }
    #expect(missing == [])
  }

  @Test func everyCommandStandsInTheReadme() {
    let path = Repository.root + "/README.md"
    guard let readme = try? String(contentsOfFile: path, encoding: .utf8) else { return }
    #expect(names { !readme.contains("billing \($0.name)") } == [])
  }

  @Test func everyGroupHasASummary() {
    let groups = Set(
      Registry.commands.filter { $0.name.contains(" ") }
        .compactMap { $0.name.split(separator: " ").first.map { String($0) } })
    let told = Set(Registry.groups.map { $0.name })
    let commands = Set(Registry.commands.map { $0.name })
    #expect(groups.subtracting(told).subtracting(commands).sorted() == [])
  }

  @Test func noCommandTakesAGlobalName() {
    let globals = Set(GlobalOptions.parameters.map { $0.name } + ["--help", "--version"])
    #expect(names { $0.parameters.contains { globals.contains($0.name) } } == [])
  }

  @Test func parametersAreWellFormed() {
    for command in Registry.commands {
      let parameters = command.parameters
      #expect(Set(parameters.map { $0.name }).count == parameters.count, "\(command.name)")
      #expect(parameters.allSatisfy { !$0.summary.isEmpty && !$0.summary.hasSuffix(".") })
      for option in parameters where option.isOption {
        #expect(option.name.hasPrefix("--"), "\(command.name)")
      }
      for positional in parameters where positional.isPositional {
        #expect(positional.name == positional.name.uppercased(), "\(command.name)")
      }
    }
  }

  @Test func secretsAreNoOptions() {
    let words = ["secret", "token", "password", "api-key"]
    let options = (Registry.commands.flatMap { $0.parameters } + GlobalOptions.parameters)
      .filter { $0.takesValue }.map { $0.name }
    // The tokens that customers buy are no secrets.
    #expect(
      options.filter { name in name != "--tokens" && words.contains { name.contains($0) } } == [])
  }
}
