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
    #expect(
      result.output == (HelpTopic.named(name)?.text ?? "") + "\n"
        || result.output == HelpTopic.named(name)?.text)
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
        #expect(result == TestWorld.Result(exit: .done, output: HelpText.page(name), errors: ""))
      }
    }
    #expect(!world.exists("billing.db"))
  }
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
