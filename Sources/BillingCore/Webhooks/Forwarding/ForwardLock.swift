import Basics
private import Foundation

/// Sees to it that one process at a time sends a store's events to an address: two would send each
/// of them twice, and those of a customer in no order.
///
/// It is a lock on a file beside the database, which the system drops when the process ends,
/// however it ends. Whoever is through removes the file.
final class ForwardLock: Sendable {
  private let path: String
  private let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    (self.path, self.descriptor) = (path, descriptor)
  }

  /// Nil where another one is sending. A store in memory has nobody beside it.
  static func take(_ url: String, of store: Store) throws(StoreError) -> ForwardLock? {
    guard store.path != ":memory:" else { return ForwardLock(path: "", descriptor: -1) }
    let address = Hex.encode(Hash.sha256(Array(url.utf8)).prefix(8))
    let path = "\(store.path)-forward-\(address)"
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(0o600))
      guard descriptor >= 0 else {
        throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        close(descriptor)
        return nil
      }
      // Who held it before may have removed the file between the two.
      var status = stat()
      if fstat(descriptor, &status) == 0, let standing = FileIdentity(path),
        standing.inode == UInt64(status.st_ino)
      {
        return ForwardLock(path: path, descriptor: descriptor)
      }
      close(descriptor)
    }
  }

  /// To be called once.
  func release() {
    guard descriptor >= 0 else { return }
    unlink(path)
    close(descriptor)
  }
}
