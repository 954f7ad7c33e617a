/// One request that the listener answered, for the log: nothing secret, nothing of the body but
/// which event it was.
package struct ListenerExchange: Sendable, Hashable {
  package let method: String
  package let path: String
  package let status: Int
  package let microseconds: Int64
  package let eventID: String?
  package let eventType: String?
  /// What became of it in a word: `kept`, `duplicate`, `too_old`.
  package let result: String?
}
