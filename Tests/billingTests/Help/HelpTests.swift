import BillingCore
import Foundation
import Testing

@testable import billing

@Suite(.tags(.unit)) struct HelpTests {
  @Test func theOverviewNamesEverything() {
    let text = HelpText.page("")
    for word in Registry.words(after: "") { #expect(text.contains("\n  \(word) ")) }
    for topic in HelpTopic.all { #expect(text.contains("\n  \(topic.name) ")) }
    for option in GlobalOptions.parameters { #expect(text.contains(option.title)) }
  }

  @Test(arguments: HelpTopic.all.map { $0.name }) func topics(_ name: String) async throws {
    let result = try await TestWorld().run("help \(name)")
    #expect(result.exit == .done)
    #expect(result.output.hasSuffix((HelpTopic.named(name)?.text ?? "-").trimmedLine + "\n"))
    #expect(result.output.hasPrefix(Registry.isGroup(name) ? HelpText.page(name) : ""))
  }

  /// What a topic shows is understood: each indented line that begins with the tool's name.
  @Test(arguments: HelpTopic.all.map { $0.name }) func examplesOfTopics(_ name: String) throws {
    for line in HelpTopic.named(name)?.examples ?? [] {
      guard case .run = try Invocation(Session.words(of: line)) else {
        Issue.record("billing \(line) runs nothing")
        continue
      }
    }
  }

  /// The same of the README.
  @Test func examplesOfTheReadme() throws {
    let readme = try String(contentsOfFile: Repository.root + "/README.md", encoding: .utf8)
    let lines = readme.split(separator: "\n").map { String($0) }
    let commands = ShownCommands.in(lines, after: "$ billing ")
    #expect(commands.count > 40)
    for line in commands {
      guard case .run = try Invocation(Session.words(of: line)) else {
        Issue.record("billing \(line) runs nothing")
        continue
      }
    }
  }

  /// A topic that tells how to do something shows it.
  @Test func tasksHaveExamples() {
    let facts = [
      "options", "environment", "exit-codes", "formats", "times", "errors", "troubleshooting",
    ]
    for topic in HelpTopic.all where !facts.contains(topic.name) {
      #expect(!topic.examples.isEmpty, "\(topic.name)")
    }
  }

  @Test func payoutsPromisesNothing() {
    #expect(HelpTopic.named("payouts")?.text.contains("Ask Stripe's support") == true)
  }

  /// Every code, with what it means, and every sentence for customers.
  @Test func paymentsTellsOfEveryDecline() throws {
    let text = try #require(HelpTopic.named("payments")?.text)
    for decline in DeclineCode.all {
      #expect(text.contains("\n  \(decline.code)"), "\(decline.code)")
      #expect(text.replacing("\n", with: " ").contains("Tell the customer: \(decline.forCustomer)"))
    }
  }

  @Test func linesFitATerminal() {
    let pages = [""] + Registry.commands.map { $0.name }
    let texts = pages.map { HelpText.page($0) } + HelpTopic.all.map { $0.text }
    for line in texts.joined(separator: "\n").split(separator: "\n") {
      #expect(DisplayWidth.of(line) <= 110, "\(line)")
    }
  }

  /// Help needs no env file, no database, no key: a broken surrounding does not matter.
  @Test func helpAtEveryLevel() async throws {
    let world = try TestWorld()
    try world.write("oops", to: ".env")
    let groups = Registry.groups.map { $0.name }.filter { Registry.isGroup($0) }
    for name in Registry.commands.map({ $0.name }) + groups + [""] {
      for words in ["\(name) --help", "\(name) -h", "help \(name)", "--help \(name)"] {
        let result = await world.run(words)
        #expect(result.exit == .done && result.errors == "")
        let isTopic = words.hasPrefix("help ") && HelpTopic.named(name) != nil
        #expect(isTopic || result.output == HelpText.page(name))
        #expect(result.output.hasPrefix(HelpText.page(name)))
      }
    }
    #expect(!world.exists("billing.db"))
  }
}

extension HelpTopic {
  fileprivate var examples: [String] {
    let lines = text.split(separator: "\n").filter { $0.hasPrefix(" ") }
    return ShownCommands.in(
      lines.map { $0.trimmingCharacters(in: .whitespaces) }, after: "billing ")
  }
}

extension String {
  /// Without the line's end.
  fileprivate var trimmedLine: String { hasSuffix("\n") ? String(dropLast()) : self }
}

/// The scripts complete what there is; bash is asked itself, the others where they are installed.
@Suite(.tags(.integration)) struct CompletionIntegrationTests {
  private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, text: String)
  {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  private func complete(_ words: [String]) throws -> Set<String> {
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    let script = """
      \(Completion.bash)
      COMP_WORDS=(\(quoted)); COMP_CWORD=$((\(words.count) - 1)); _billing
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let result = try run("/bin/bash", ["-c", script])
    #expect(result.status == 0, "\(result.text)")
    return Set(result.text.split(separator: "\n").map { String($0) })
  }

  @Test func bash() throws {
    #expect(try complete(["billing", ""]) == Set(Registry.words(after: "")))
    #expect(try complete(["billing", "vers"]) == ["version"])
    #expect(try complete(["billing", "completion", ""]) == ["bash", "zsh", "fish"])
    #expect(try complete(["billing", "--json", "completion", "f"]) == ["fish"])
    #expect(try complete(["billing", "--db", "version", "completion", "f"]) == ["fish"])
    #expect(try complete(["billing", "--format", "js"]) == ["json", "jsonl"])
    #expect(try complete(["billing", "doctor", "--go"]) == ["--go-live"])
    #expect(try complete(["billing", "doctor", "--sandb"]) == ["--sandbox", "--sandbox-db"])
  }

  @Test func theOthersReadTheirScripts() throws {
    for (program, script) in [("/usr/bin/zsh", Completion.zsh), ("/usr/bin/fish", Completion.fish)]
    where FileManager.default.isExecutableFile(atPath: program) {
      let world = try TestWorld()
      try world.write(script, to: "script")
      let result = try run(program, ["-n", world.directory + "/script"])
      #expect(result.status == 0, "\(result.text)")
    }
  }

  @Test func everyCommandStandsInEachScript() {
    for command in Registry.commands {
      #expect(Completion.bash.contains("'\(command.name)') words="))
      #expect(Completion.zsh.contains("'\(command.name)')"))
      for option in command.parameters where option.isOption {
        #expect(Completion.fish.contains("-l \(option.name.dropFirst(2)) "))
      }
    }
  }
}
