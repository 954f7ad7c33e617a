import ServiceLifecycle

/// Something that a listener looks after beside its inbox, again and again while it runs. It is
/// given up when the server stops, and begun anew when the next one starts.
struct ListenerChore: Service {
  /// Returns after how many milliseconds it is to be looked at again.
  let look: @Sendable () async -> Int64

  func run() async {
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      try? await cancelWhenGracefulShutdown {
        let pause = await look()
        try await Task.sleep(for: .milliseconds(pause))
      }
    }
  }
}
