import Stripe

/// An address to which events are handed on: http or https, without a user, and not where a machine
/// keeps secrets of its own.
///
/// Names are looked up when a connection is made, and what they lead to is then judged once more by
/// `CurlTransport`.
package struct ForwardDestination: Sendable, Hashable {
  package enum Mistake: String, Error, Sendable {
    case noAddress = "it must be an http or https address"
    case user = "a user or a password cannot stand in it"
    case linkLocal = "a link-local address is never sent anything"
  }

  package let url: String

  package init(_ text: String) throws(Mistake) {
    guard text.utf8.count <= 2000, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      let match = text.wholeMatch(of: /(?i:https?):\/\/([^\/?#]+)(?:[\/?][^#]*)?/)
    else { throw .noAddress }
    let authority = match.1
    guard !authority.contains("@") else { throw .user }
    guard
      let parts = authority.wholeMatch(of: /([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?/)
    else { throw .noAddress }
    if let port = parts.2, !(1...65_535).contains(Int(port) ?? 0) { throw .noAddress }
    guard !LinkLocalAddress.contains(String(parts.1)) else { throw .linkLocal }
    url = text
  }
}
