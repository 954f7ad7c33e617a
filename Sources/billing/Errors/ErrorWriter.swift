import Basics

/// Tells an error on standard error: one line of JSON, or words.
struct ErrorWriter {
  let world: World
  var scrubber = Scrubber()

  /// Returns the exit code, so that telling is the last thing done. Paths are told as the user knows
  /// them: from the folder of this run.
  func write(_ error: CommandError, format: OutputFormat) -> ExitCode {
    var error = error
    error.message = error.message.replacing(world.directory + "/", with: "")
    let text: String
    switch format {
    case .json, .jsonl: text = error.json.compact + "\n"
    case .table, .csv: text = words(error)
    }
    world.errors.write(scrubber.scrub(text))
    return error.exit
  }

  private func words(_ error: CommandError) -> String {
    var lines = error.details.map { detail(of: $0) }
    lines.append("error: " + VisibleText.of(error.message))
    if let hint = error.hint { lines.append("hint: " + VisibleText.of(hint)) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `plans.yaml:3:5: what is wrong there`, as compilers write it and editors read it.
  private func detail(of detail: JSON) -> String {
    let place = ["file", "line", "column"].compactMap { key -> String? in
      detail[key]?.string ?? detail[key]?.integer.map { String($0) }
    }
    return (place + [" " + (detail["message"]?.string ?? "")]).map { VisibleText.of($0) }
      .joined(separator: ":")
  }
}
