import Basics
import BillingCore
private import Foundation

/// A file that is read piece by piece.
final class FileBytes: ByteSource {
  private static let pieceLength = 256 << 10

  private let name: String
  private let descriptor: Int32

  init(path: String, name: String) throws(FileError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: name, errno: errno) }
    self.name = name
  }

  deinit { close(descriptor) }

  var isReady: Bool { true }

  func read() throws -> [UInt8] {
    var failure: Int32?
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.pieceLength) { buffer, count in
      repeat {
        let length = Foundation.read(descriptor, buffer.baseAddress, Self.pieceLength)
        count = max(0, length)
        failure = length < 0 ? errno : nil
      } while failure == EINTR
    }
    if let failure { throw FileError(path: name, errno: failure) }
    return bytes
  }
}

/// Standard input, piece by piece.
struct InputBytes: ByteSource {
  let input: any TextInput
  /// With it, an input that someone stopped is not taken for one that ended, since its last line may
  /// be half a line: reading throws a `CancellationError`.
  var interruption: Interruption?

  var isReady: Bool { input.isReady }

  func read() throws -> [UInt8] {
    let bytes = input.readSome()
    if bytes.isEmpty, interruption?.signal != nil { throw CancellationError() }
    return bytes
  }
}
