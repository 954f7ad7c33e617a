import Basics

/// The program as a function: words and a world in, an exit code out.
enum Billing {
  static let version = "0.1.0"

  static func run(_ words: [String], in world: World) async -> ExitCode {
    let errors = ErrorWriter(world: world)
    do {
      switch try Invocation(words) {
      case .help(let name):
        world.output.write(HelpText.page(name))
        try requireWritten(world.output)
        return .done
      case .run(let command, let globals, let readsEnvironment):
        let context = try Context(world, globals, readsEnvironment: readsEnvironment)
        return await run(command, context)
      }
    } catch {
      return errors.write(
        CommandError(explaining: error), format: Invocation.guessFormat(words))
    }
  }

  /// Throws where what a command found out did not reach standard output. What it did is done.
  private static func requireWritten(_ output: any TextOutput) throws(CommandError) {
    guard let reason = output.failure else { return }
    throw .unexpected("storage", "standard output could not be written: \(reason)")
  }

  private static func run(_ command: some Command, _ context: Context) async -> ExitCode {
    let errors = ErrorWriter(world: context.world, scrubber: context.scrubber)
    do {
      let report = try await command.report(context)
      try await ReportWriter(context).write(report)
      context.finish()
      switch report.outcome {
      case .done:
        try requireWritten(context.output)
        return .done
      case .quiet(let exit):
        try requireWritten(context.output)
        return exit
      case .failed(let error):
        return errors.write(
          error.interrupted(by: context.world.interruption.signal), format: context.settings.format)
      }
    } catch {
      context.finish()
      return errors.write(
        CommandError(explaining: error).interrupted(by: context.world.interruption.signal),
        format: context.settings.format)
    }
  }
}

extension CommandError {
  /// An error that came because the user stopped the work: the code says so, and a write in flight
  /// keeps its words, since `recover` has to settle it.
  func interrupted(by signal: Interruption.Signal?) -> CommandError {
    guard let signal else { return self }
    var error = self
    error.exit = signal.exit
    if self.exit != .outcomeUnknown {
      error.code = "interrupted"
      error.message = "\(signal.words); what is done is kept"
      error.hint = nil
    }
    return error
  }
}
