private import Synchronization

/// Standard input can be read once: the second who wants it is refused.
final class InputClaim: Sendable {
  private let reader = Mutex<String?>(nil)

  func take(for name: String) throws(CommandError) {
    let other = reader.withLock { reader -> String? in
      defer { reader = reader ?? name }
      return reader
    }
    guard let other else { return }
    throw .usage("both \(other) and \(name) want standard input")
  }
}
