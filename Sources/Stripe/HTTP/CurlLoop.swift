private import CLibcurl
private import Foundation
private import Synchronization

/// The thread that drives the `curl_multi`, and the queue through which it is handed its work.
///
/// `@unchecked Sendable`: the multi handle is made under the lock before the thread starts, and
/// then used by that thread alone; the one call that others make is `curl_multi_wakeup`, which
/// libcurl allows from any thread, and they make it under the lock that `stop` takes, so that it
/// never meets a handle that is gone. All else that is shared is inside the lock.
final class CurlLoop: @unchecked Sendable {
  typealias Completion = @Sendable (Result<HTTPResponse, TransportError>) -> Void

  private struct Work: Sendable {
    let exchange: CurlExchange
    let completion: Completion
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

  /// Starts an exchange; the completion is called once, on the loop's thread or at once.
  func run(_ exchange: CurlExchange, completion: @escaping Completion) {
    let isAccepted = shared.withLock { shared in
      guard startIfNeeded(&shared) else { return false }
      shared.queue.append(Work(exchange: exchange, completion: completion))
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

  /// Makes the loop look at its queue and for exchanges that were canceled.
  func wake() {
    shared.withLock { shared in
      if shared.isRunning, !shared.isStopped { curl_multi_wakeup(multi) }
    }
  }

  /// Ends the thread when the last exchange is done.
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
      for (handle, work) in active where work.exchange.isCanceled {
        curl_multi_remove_handle(multi, handle)
        active[handle] = nil
        work.completion(work.exchange.finishCanceled())
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
    guard !work.exchange.isCanceled else {
      work.completion(work.exchange.finishCanceled())
      return
    }
    guard let handle = work.exchange.makeHandle(),
      curl_multi_add_handle(multi, handle) == CURLM_OK
    else {
      work.completion(work.exchange.finish(CURLE_FAILED_INIT))
      return
    }
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
      work.completion(work.exchange.finish(code))
    }
  }
}
