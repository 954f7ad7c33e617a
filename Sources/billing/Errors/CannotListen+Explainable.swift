import BillingServer

extension CannotListen: Explainable {
  var explanation: CommandError {
    .configuration(
      "cannot_listen",
      isInUse
        ? "\(host):\(port) is in use"
        : "cannot listen on \(host):\(port): \(reason.lowercased())",
      hint: "--port 0 takes a free port")
  }
}
