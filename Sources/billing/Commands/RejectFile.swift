import Basics
import BillingCore
private import Foundation

/// The lines that an import did not take, each with why: of JSON lines the object with the field
/// `error`, of CSV the record with the column `error`. Nobody sees it before it is whole.
///
/// Until then it has a name of its own and is locked, which a process that dies cannot unlock but
/// the system does: so that what a killed import left is told from what another one is writing.
final class RejectFile {
  private let path: String
  private let name: String
  private let unfinished: String
  private let descriptor: Int32
  private var hasHeader = false
  private var isPlaced = false

  init(_ name: String, besides input: String, _ context: Context) throws {
    path = context.resolve(name)
    self.name = name
    guard input == "-" || path != context.resolve(input) else {
      throw CommandError.usage("--rejects must not be the file that is read")
    }
    guard !Files.isDirectory(path) else { throw FileError(path: name, errno: EISDIR) }
    Self.removeLeftovers(of: path)
    (unfinished, descriptor) = try Self.make(path, called: name, context)
  }

  private static func make(
    _ path: String, called name: String, _ context: Context
  ) throws -> (String, descriptor: Int32) {
    while true {
      let unfinished = "\(path).\(context.world.makeToken(tokenLength))\(ending)"
      let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw FileError(path: name, errno: errno) }
      // Another run may have taken it for a leftover before it was locked.
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0, Files.exists(unfinished) {
        return (unfinished, descriptor)
      }
      close(descriptor)
    }
  }

  private static let (tokenLength, ending) = (8, ".part")

  /// Removes what imports left that were killed. What is in it is in the next file again, since
  /// lines that were not taken are not taken the next time either.
  private static func removeLeftovers(of path: String) {
    let folder = (path as NSString).deletingLastPathComponent
    let prefix = (path as NSString).lastPathComponent + "."
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasPrefix(prefix) && name.hasSuffix(ending)
      && name.count == prefix.count + tokenLength + ending.count
    {
      let leftover = folder + "/" + name
      let descriptor = open(leftover, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(leftover) }
      close(descriptor)
    }
  }

  deinit {
    close(descriptor)
    if !isPlaced { unlink(unfinished) }
  }

  func append(_ refused: [UsageImporting.Refused], header: [UInt8]?) throws {
    var bytes: [UInt8] = []
    if let header, !hasHeader {
      bytes += RejectedRecord.header(over: header) + [0x0A]
      hasHeader = true
    }
    for line in refused {
      bytes += header.map { RejectedRecord(line, under: $0).text } ?? Self.text(of: line)
      bytes.append(0x0A)
    }
    try write(bytes)
  }

  /// Puts it in the place of what stood there.
  func place() throws {
    guard rename(unfinished, path) == 0 else { throw FileError(path: name, errno: errno) }
    isPlaced = true
  }

  /// What cannot be read as an object, or must not be kept, is told by its line alone.
  private static func text(of line: UsageImporting.Refused) -> [UInt8] {
    var object: JSONObject = [:]
    if !line.refusal.isSecret {
      if let json = try? JSON(parsing: line.text).object {
        object = json
      } else {
        object["text"] = .string(String(decoding: line.text, as: UTF8.self))
      }
    }
    object["line"] = .integer(Int64(line.line))
    object["error"] = .string(line.refusal.reason)
    return Array(JSON.object(object).compact.utf8)
  }

  private func write(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw FileError(path: name, errno: errno)
      }
      rest = rest.dropFirst(count)
    }
  }
}
