/// The completion scripts, made from the registry: all that a shell needs stands in them, so that
/// completing starts no process.
enum Completion {
  private struct Node {
    /// The words before: `plans`, `plans diff`.
    let path: String
    let words: [(name: String, summary: String)]
    let options: [Parameter]
  }

  /// Every path of words that something may follow, the empty one first.
  private static var nodes: [Node] {
    var paths = [""]
    for command in Registry.commands {
      let words = command.name.split(separator: " ")
      for count in 1...words.count {
        let path = words.prefix(count).joined(separator: " ")
        if !paths.contains(path) { paths.append(path) }
      }
    }
    return paths.map { path in
      let words = Registry.words(after: path).map { word in
        (name: word, summary: summary(of: path.isEmpty ? word : path + " " + word))
      }
      let own = Registry.command(path)?.parameters ?? []
      let choices = own.filter { $0.isPositional }.flatMap { parameter in
        parameter.choices.map { (name: $0, summary: parameter.summary) }
      }
      return Node(path: path, words: words + choices, options: own.filter { $0.isOption })
    }
  }

  private static func summary(of path: String) -> String {
    Registry.command(path)?.summary ?? Registry.groups.first { $0.name == path }?.summary ?? ""
  }

  private static let everywhere =
    GlobalOptions.parameters + [.flag("--help", "Explain the command")]

  /// Options whose values can be listed, each once.
  private static var choices: [Parameter] {
    var seen: Set<String> = []
    let all = GlobalOptions.parameters + Registry.commands.flatMap { $0.parameters }
    return all.filter { $0.takesValue && !$0.choices.isEmpty && seen.insert($0.name).inserted }
  }

  /// Options after which a path is completed.
  private static func takesPath(_ parameter: Parameter) -> Bool {
    guard case .option(let value, _) = parameter.kind else { return false }
    return ["PATH", "FILE", "DIR"].contains(value)
  }

  private static var valueOptions: [Parameter] {
    var seen: Set<String> = []
    let all = GlobalOptions.parameters + Registry.commands.flatMap { $0.parameters }
    return all.filter { $0.takesValue && seen.insert($0.name).inserted }
  }

  private static func names(_ parameters: [Parameter]) -> String {
    parameters.map { $0.name }.joined(separator: " ")
  }

  // MARK: bash

  static var bash: String {
    let words = nodes.map { node in
      "    '\(node.path)') words='\(node.words.map { $0.name }.joined(separator: " "))';"
        + " options='\(names(node.options))' ;;"
    }
    let values = choices.map { parameter in
      "    \(parameter.name)) COMPREPLY=($(compgen -W '\(parameter.choices.joined(separator: " "))'"
        + " -- \"$current\")); return ;;"
    }
    let paths = valueOptions.filter { takesPath($0) }.map { $0.name }.joined(separator: "|")
    let others = valueOptions.filter { !takesPath($0) && $0.choices.isEmpty }.map { $0.name }
    return """
      # bash completion for billing
      _billing() {
        local current previous path='' words options known word index skip=''
        COMPREPLY=()
        current="${COMP_WORDS[COMP_CWORD]}"
        previous="${COMP_WORDS[COMP_CWORD-1]}"
        case "$previous" in
      \(values.joined(separator: "\n"))
          \(paths)) COMPREPLY=($(compgen -f -- "$current")); return ;;
          \(others.joined(separator: "|"))) return ;;
        esac
        known=' \(nodes.dropFirst().map { $0.path.split(separator: " ").joined(separator: "/") }
          .joined(separator: " ")) '
        for ((index = 1; index < COMP_CWORD; index++)); do
          word="${COMP_WORDS[index]}"
          if [[ -n "$skip" ]]; then skip=''; continue; fi
          case "$word" in
            \(valueOptions.map { $0.name }.joined(separator: "|"))) skip=1; continue ;;
            -*) continue ;;
          esac
          if [[ "$known" == *" ${path:+${path// //}/}$word "* ]]; then
            path="${path:+$path }$word"
          fi
        done
        case "$path" in
      \(words.joined(separator: "\n"))
        esac
        if [[ "$current" == -* ]]; then
          COMPREPLY=($(compgen -W "$options \(names(everywhere))" -- "$current"))
        else
          COMPREPLY=($(compgen -W "$words" -- "$current"))
          if [[ ${#COMPREPLY[@]} -eq 0 && -z "$words" ]]; then
            COMPREPLY=($(compgen -f -- "$current"))
          fi
        fi
      }
      complete -F _billing billing

      """
  }

  // MARK: zsh

  static var zsh: String {
    let cases = nodes.map { node in
      """
          '\(node.path)')
            words_=(\(node.words.map { entry($0.name, $0.summary) }.joined(separator: " ")))
            options=(\(node.options.map { entry($0.name, $0.summary) }.joined(separator: " "))) ;;
      """
    }
    let values = choices.map { parameter in
      "    \(parameter.name)) compadd -- \(parameter.choices.joined(separator: " ")); return ;;"
    }
    let paths = valueOptions.filter { takesPath($0) }.map { $0.name }.joined(separator: "|")
    let others = valueOptions.filter { !takesPath($0) && $0.choices.isEmpty }.map { $0.name }
    let known = nodes.dropFirst().map { "'\($0.path)'" }.joined(separator: " ")
    return """
      #compdef billing
      # zsh completion for billing
      _billing() {
        local called='' word skip='' index
        local -a words_ options known globals
        known=(\(known))
        globals=(\(everywhere.map { entry($0.name, $0.summary) }.joined(separator: " ")))
        case "${words[CURRENT-1]}" in
      \(values.joined(separator: "\n"))
          \(paths)) _files; return ;;
          \(others.joined(separator: "|"))) return ;;
        esac
        for ((index = 2; index < CURRENT; index++)); do
          word="${words[index]}"
          if [[ -n "$skip" ]]; then skip=''; continue; fi
          case "$word" in
            \(valueOptions.map { $0.name }.joined(separator: "|"))) skip=1; continue ;;
            -*) continue ;;
          esac
          if (( ${known[(Ie)${called:+$called }$word]} )); then called="${called:+$called }$word"; fi
        done
        case "$called" in
      \(cases.joined(separator: "\n"))
        esac
        if [[ "${words[CURRENT]}" == -* ]]; then
          _describe -o option options -- globals
        elif (( ${#words_} )); then
          _describe command words_
        else
          _files
        fi
      }
      compdef _billing billing

      """
  }

  /// `'name:what it is'`, quoted for zsh.
  private static func entry(_ name: String, _ summary: String) -> String {
    let text = "\(name):\(summary)"
    return "'"
      + text.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }

  // MARK: fish

  static var fish: String {
    var lines = [
      "# fish completion for billing",
      "function __billing_path",
      "  set -l path",
      "  set -l skip 0",
      "  for word in (commandline -opc)[2..]",
      "    if test $skip = 1; set skip 0; continue; end",
      "    switch $word",
      "      case \(valueOptions.map { $0.name }.joined(separator: " "))",
      "        set skip 1",
      "      case '-*'",
      "      case '*'",
      "        set -l next (string join ' ' $path $word)",
      "        if contains -- $next $__billing_known; set path $path $word; end",
      "    end",
      "  end",
      "  echo (string join ' ' $path)",
      "end",
      "set -g __billing_known \(nodes.dropFirst().map { quoted($0.path) }.joined(separator: " "))",
      "complete -c billing -f",
    ]
    for node in nodes {
      let condition = "-n 'test (__billing_path) = \"\(node.path)\"'"
      for word in node.words {
        lines.append("complete -c billing \(condition) -a \(word.name) -d \(quoted(word.summary))")
      }
      lines += node.options.map { "complete -c billing \(condition) " + fishOption($0) }
    }
    lines += everywhere.map { "complete -c billing " + fishOption($0) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func fishOption(_ parameter: Parameter) -> String {
    var text = "-l \(parameter.name.dropFirst(2)) -d \(quoted(parameter.summary))"
    if parameter.takesValue { text += takesPath(parameter) ? " -r -F" : " -x" }
    if !parameter.choices.isEmpty {
      text += " -a \(quoted(parameter.choices.joined(separator: " ")))"
    }
    return text
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'")
      + "'"
  }
}
