import Dispatch
private import Foundation
private import Synchronization

/// The write-ahead log of a database, to be made durable beside the connection that writes it.
///
/// SQLite takes its locks on the other two files, so that this one can be opened and closed freely.
final class LogFile: Sendable {
  private let path: String
  private let queue = DispatchQueue(label: "billing.log")
  private let descriptor = Mutex<CInt?>(nil)
  /// What went wrong once. A later call may well succeed: the system has given up the pages then.
  private let failed = Mutex<StoreError?>(nil)

  init(_ path: String) { self.path = path }

  deinit { descriptor.withLock { if let open = $0 { _ = close(open) } } }

  /// Returns when what was written into the log before the call is durable.
  func sync() async throws {
    let outcome: Result<Void, StoreError> = await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: self.syncNow()) }
    }
    try outcome.get()
  }

  private func syncNow() -> Result<Void, StoreError> {
    if let failed = failed.withLock({ $0 }) { return .failure(failed) }
    do throws(StoreError) {
      guard let descriptor = try opened() else { return .success(()) }
      guard fdatasync(descriptor) == 0 else { throw failure(errno) }
      return .success(())
    } catch {
      failed.withLock { $0 = error }
      return .failure(error)
    }
  }

  /// Nil as long as there is no log, since nothing was written.
  private func opened() throws(StoreError) -> CInt? {
    if let known = descriptor.withLock({ $0 }) { return known }
    let new = open(path, O_RDONLY | O_CLOEXEC)
    guard new >= 0 else {
      if errno == ENOENT { return nil }
      throw failure(errno)
    }
    descriptor.withLock { $0 = new }
    // The name of a log that was just made has to be durable too.
    try Store.makeDurable(path)
    return new
  }

  private func failure(_ code: CInt) -> StoreError {
    .failed(path: path, detail: String(cString: strerror(code)))
  }
}
