import CLibcurl
private import Foundation
private import Synchronization

/// What the loop carries out: one transfer, whatever its protocol. After it was handed over all but
/// `isCanceled` is used by the loop's thread alone.
protocol CurlTransfer: AnyObject, Sendable {
  associatedtype Answer: Sendable

  var isCanceled: Bool { get }
  /// The easy handle with all options set; nil where libcurl refuses one of them.
  func makeHandle() -> UnsafeMutableRawPointer?
  func finish(_ code: CURLcode) -> Result<Answer, TransportError>
  func finishCanceled() -> Result<Answer, TransportError>
  /// May be called from any thread; the loop finds it when it is woken.
  func cancel()
}

extension CurlTransfer {
  /// At least one millisecond (0 would mean no limit), at most a day.
  func milliseconds(_ seconds: Double) -> Int {
    seconds.isNaN ? 1 : Int(min(max(seconds * 1000, 1), 86_400_000))
  }
}

/// The thread that drives the `curl_multi`, and the queue through which it is handed its work.
///
/// `@unchecked Sendable`: the multi handle is made under the lock before the thread starts, and
/// then used by that thread alone; the one call that others make is `curl_multi_wakeup`, which
/// libcurl allows from any thread, and they make it under the lock that `stop` takes, so that it
/// never meets a handle that is gone. All else that is shared is inside the lock.
final class CurlLoop: @unchecked Sendable {
  private struct Work: Sendable {
    let transfer: any CurlTransfer
    /// Told how it ended; nil is for one that was canceled.
    let end: @Sendable (CURLcode?) -> Void
  }

  private struct Shared: ~Copyable {
    var queue: [Work] = []
    var isRunning = false
    var isStopped = false
  }

  private let shared = Mutex(Shared())
  private var multi: UnsafeMutableRawPointer?

  /// Whether libcurl could be started, which the first request of the process does.
  private static let isCurlReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  /// Carries a transfer out; where the task is canceled, so is the transfer.
  func run<Transfer: CurlTransfer>(
    _ transfer: Transfer
  ) async -> Result<Transfer.Answer, TransportError> {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        start(transfer) { continuation.resume(returning: $0) }
      }
    } onCancel: {
      transfer.cancel()
      wake()
    }
  }

  /// The completion is called once, on the loop's thread or at once.
  private func start<Transfer: CurlTransfer>(
    _ transfer: Transfer,
    completion: @escaping @Sendable (Result<Transfer.Answer, TransportError>) -> Void
  ) {
    let work = Work(transfer: transfer) { code in
      completion(code.map { transfer.finish($0) } ?? transfer.finishCanceled())
    }
    let isAccepted = shared.withLock { shared in
      guard startIfNeeded(&shared) else { return false }
      shared.queue.append(work)
      curl_multi_wakeup(multi)
      return true
    }
    if !isAccepted {
      completion(
        .failure(
          TransportError(
            kind: .other, mayHaveReachedServer: false, detail: "libcurl could not be started")))
    }
  }

  /// Makes the loop look at its queue and for transfers that were canceled.
  private func wake() {
    shared.withLock { shared in
      if shared.isRunning, !shared.isStopped { curl_multi_wakeup(multi) }
    }
  }

  /// Ends the thread when the last transfer is done.
  func stop() {
    shared.withLock { shared in
      if shared.isRunning, !shared.isStopped { curl_multi_wakeup(multi) }
      shared.isStopped = true
    }
  }

  private func startIfNeeded(_ shared: inout Shared) -> Bool {
    if shared.isRunning { return true }
    guard Self.isCurlReady, let handle = curl_multi_init() else { return false }
    curl_multi_set_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, 128)
    multi = handle
    shared.isRunning = true
    let thread = Thread { [self] in
      if let multi = self.shared.withLock({ _ in self.multi }) { drive(multi) }
    }
    thread.name = "curl"
    thread.start()
    return true
  }

  // MARK: On the thread

  private func drive(_ multi: UnsafeMutableRawPointer) {
    blockBrokenPipeSignal()
    var active: [UnsafeMutableRawPointer: Work] = [:]
    while true {
      let (added, isStopped) = shared.withLock { shared in
        let added = shared.queue
        shared.queue = []
        return (added, shared.isStopped)
      }
      for work in added { start(work, multi, &active) }
      for (handle, work) in active where work.transfer.isCanceled {
        curl_multi_remove_handle(multi, handle)
        active[handle] = nil
        work.end(nil)
      }
      if isStopped, active.isEmpty { break }

      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      finish(multi, &active)
      // libcurl wakes earlier for its own timers; this is only how long an idle thread may sleep.
      curl_multi_poll(multi, nil, 0, 60_000, nil)
    }
    curl_multi_cleanup(multi)
  }

  /// A write to a connection that the server closed is an error to handle, not a signal that
  /// ends the process.
  private func blockBrokenPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  private func start(
    _ work: Work, _ multi: UnsafeMutableRawPointer,
    _ active: inout [UnsafeMutableRawPointer: Work]
  ) {
    guard !work.transfer.isCanceled else { return work.end(nil) }
    guard let handle = work.transfer.makeHandle(),
      curl_multi_add_handle(multi, handle) == CURLM_OK
    else { return work.end(CURLE_FAILED_INIT) }
    active[handle] = work
  }

  private func finish(
    _ multi: UnsafeMutableRawPointer, _ active: inout [UnsafeMutableRawPointer: Work]
  ) {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else {
        continue
      }
      let code = message.pointee.data.result
      curl_multi_remove_handle(multi, handle)
      guard let work = active.removeValue(forKey: handle) else { continue }
      work.end(code)
    }
  }
}
