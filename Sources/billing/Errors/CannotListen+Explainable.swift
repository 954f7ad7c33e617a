import BillingServer

extension SandboxServer.CannotListen: Explainable {
  var explanation: CommandError {
    .configuration(
      "cannot_listen", "cannot listen on \(host):\(port): \(reason)",
      hint: "--port 0 takes a free port")
  }
}
