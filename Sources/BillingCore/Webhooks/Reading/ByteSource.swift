/// Bytes that are read once, from front to back.
package protocol ByteSource: Sendable {
  /// Some of the bytes that follow; none at the end.
  func read() throws -> [UInt8]
  /// Whether reading would not have to wait for whoever writes.
  var isReady: Bool { get }
}

/// Something that holds events: a file, or standard input.
package struct EventFile: Sendable {
  /// As people call it.
  package let name: String
  /// Whether it can be opened only once.
  package let isStream: Bool
  package let open: @Sendable () throws -> any ByteSource

  package init(
    name: String, isStream: Bool = false, open: @escaping @Sendable () throws -> any ByteSource
  ) {
    self.name = name
    self.isStream = isStream
    self.open = open
  }
}
