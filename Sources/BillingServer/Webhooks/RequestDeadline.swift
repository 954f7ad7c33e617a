import NIOCore

/// Ends a connection whose request takes too long from its first byte to its last, however busily
/// it drips: the idle time-out of the server starts anew with each byte.
///
/// It stands before the decoder, since a head can drip as well as a body, and is told by
/// `RequestIsWhole` when a request has come.
final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer

  private let milliseconds: Int64
  private var deadline: Scheduled<Void>?

  init(milliseconds: Int64) { self.milliseconds = milliseconds }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if deadline == nil {
      let channel = context.channel
      deadline = context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) {
        channel.close(promise: nil)
      }
    }
    context.fireChannelRead(data)
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard event is RequestIsWhole else {
      return context.triggerUserOutboundEvent(event, promise: promise)
    }
    end()
    promise?.succeed()
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  private func end() {
    deadline?.cancel()
    deadline = nil
  }
}

/// Said by who has read a request to its end.
struct RequestIsWhole: Sendable {}

/// Puts a `RequestDeadline` before the decoder; a server takes handlers only behind it.
final class RequestDeadlineInstaller: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private let milliseconds: Int64

  init(milliseconds: Int64) { self.milliseconds = milliseconds }

  func handlerAdded(context: ChannelHandlerContext) {
    do {
      try context.pipeline.syncOperations.addHandler(
        RequestDeadline(milliseconds: milliseconds), position: .first)
    } catch {
      // Without a deadline nobody is served.
      context.close(promise: nil)
    }
  }
}
