/// `billing completion`: a script with which a shell completes commands and options.
struct CompletionCommand: Command {
  static let name = "completion"
  static let summary = "Print the completion script of a shell"
  static let discussion = """
    Prints a script that completes commands, options and the values that some options have. Load it
    where your shell loads such scripts:
      bash  billing completion bash > ~/.local/share/bash-completion/completions/billing
      zsh   billing completion zsh > ~/.zfunc/_billing       (with fpath+=~/.zfunc before compinit)
      fish  billing completion fish > ~/.config/fish/completions/billing.fish
    """
  static let parameters: [Parameter] = [
    .required("SHELL", "bash, zsh or fish", choices: Shell.allCases.names)
  ]
  static let examples = ["completion bash", "completion zsh", "completion fish"]
  static let readsEnvironment = false

  enum Shell: String, Sendable, CaseIterable { case bash, zsh, fish }

  var shell: Shell

  init(parsing arguments: inout Arguments) throws(UsageError) {
    let text = try arguments.positional("SHELL")
    guard let shell = Shell(rawValue: text) else {
      throw UsageError(
        "SHELL must be bash, zsh or fish, not \(Arguments.quoted(text))",
        suggestion: NearestName.of(text, among: Shell.allCases.names), command: Self.name)
    }
    self.shell = shell
  }

  func run(_ context: Context) async throws -> TextReport {
    switch shell {
    case .bash: TextReport(text: Completion.bash)
    case .zsh: TextReport(text: Completion.zsh)
    case .fish: TextReport(text: Completion.fish)
    }
  }
}
