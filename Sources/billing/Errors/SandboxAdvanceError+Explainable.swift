import StripeSandbox

extension SandboxAdvanceError: Explainable {
  var explanation: CommandError {
    switch self {
    case .notForward: .usage("a clock goes forward only")
    case .tooFar: .usage("a clock goes forward by at most ten years", hint: "advance in steps")
    }
  }
}
