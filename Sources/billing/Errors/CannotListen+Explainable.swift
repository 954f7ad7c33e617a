import BillingServer

extension CannotListen: Explainable {
  var explanation: CommandError {
    let address = "\(host):\(port)"
    return switch cause {
    case .inUse: Self.error("\(address) is in use", hint: "--port 0 takes a free port")
    case .notPermitted:
      Self.error(
        "cannot listen on \(address): permission denied",
        hint: "ports from 1024 on are for everybody; --port 0 takes a free one")
    case .notHere(let reason):
      Self.error(
        "cannot listen on \(host): \(reason)", hint: "--host 127.0.0.1 is for this machine alone")
    case .other(let reason): Self.error("cannot listen on \(address): \(reason)")
    }
  }

  private static func error(_ message: String, hint: String? = nil) -> CommandError {
    .configuration("cannot_listen", message, hint: hint)
  }
}
