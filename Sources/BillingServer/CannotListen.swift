private import Foundation

/// The address could not be taken.
package struct CannotListen: Error, Sendable, Hashable {
  package enum Cause: Sendable, Hashable {
    /// Another program listens there.
    case inUse
    /// Such a port is for privileged users.
    case notPermitted
    /// The host is not one of this machine's, or there is none of that name.
    case notHere(String)
    /// Whatever else, in the system's words.
    case other(String)
  }

  package let host: String
  package let port: Int
  package let cause: Cause
}

extension CannotListen.Cause {
  init(errno number: Int32, _ words: String) {
    switch number {
    case EADDRINUSE: self = .inUse
    case EACCES: self = .notPermitted
    case EADDRNOTAVAIL: self = .notHere("it is no address of this machine")
    default: self = .other(words.lowercased())
    }
  }
}
