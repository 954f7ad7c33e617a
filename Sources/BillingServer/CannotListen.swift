/// The address could not be taken: in use, not of this machine, or not permitted.
package struct CannotListen: Error, Sendable, Hashable {
  package let host: String
  package let port: Int
  /// In the system's words.
  package let reason: String
  /// Whether another program listens there.
  package let isInUse: Bool

  init(host: String, port: Int, reason: String, isInUse: Bool = false) {
    self.host = host
    self.port = port
    self.reason = reason
    self.isInUse = isInUse
  }
}
