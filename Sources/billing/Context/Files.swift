import Basics
private import Foundation

/// Small files that the program reads whole.
enum Files {
  /// Larger ones are refused: nothing that is read whole comes near it.
  static let maximumBytes = 16 << 20

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// The bytes of a file; an error says why there are none.
  static func bytes(of path: String) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, errno: errno) }
    defer { close(descriptor) }
    guard !isDirectory(path) else { throw FileError(path: path, errno: EISDIR) }
    guard let bytes = FileInput(descriptor: descriptor).readAll(limit: maximumBytes) else {
      throw FileError(path: path, errno: EFBIG)
    }
    return bytes
  }

  static func text(of path: String) throws(FileError) -> String {
    String(decoding: try bytes(of: path), as: UTF8.self)
  }

  /// Makes a file that must not be there yet, in one step, with these permissions.
  static func create(_ path: String, _ text: String, mode: UInt32 = 0o644) throws(FileError) {
    try create(path, Array(text.utf8), mode: mode)
  }

  private static func create(
    _ path: String, _ bytes: [UInt8], mode: UInt32
  ) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode))
    guard descriptor >= 0 else { throw FileError(path: path, errno: errno) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw FileError(path: path, errno: errno)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Puts a whole file where there is none: others see all of it or nothing. What stands there
  /// already stays as it is, and is the error.
  ///
  /// - Parameters:
  ///   - token: makes the name under which it is written first one of its own.
  ///   - link: the system's; another one for tests.
  static func place(
    _ bytes: [UInt8], at path: String, token: String,
    link: (String, String) -> Int32 = { Foundation.link($0, $1) }
  ) throws(FileError) {
    let unfinished = "\(path).\(token).part"
    try create(unfinished, bytes, mode: 0o644)
    try place(unfinished, at: path, link: link)
  }

  /// Gives a whole file, which lies in the same folder, its name; what has it already stays as it is,
  /// and is the error. Either way the file is gone from under the name it had.
  static func place(
    _ unfinished: String, at path: String,
    link: (String, String) -> Int32 = { Foundation.link($0, $1) }
  ) throws(FileError) {
    defer { unlink(unfinished) }
    if link(unfinished, path) == 0 { return }
    // FAT and some network file systems have no links: there it is renamed, which would replace
    // what another process put there after it was last looked.
    guard [EPERM, ENOTSUP, ENOSYS, EMLINK].contains(errno) else {
      throw FileError(path: path, errno: errno)
    }
    guard !exists(path) else { throw FileError(path: path, errno: EEXIST) }
    guard rename(unfinished, path) == 0 else { throw FileError(path: path, errno: errno) }
  }

  /// Puts a whole file in the place of what stands there, readable for its owner alone where nothing
  /// else is said: others see the old one or the new one. Of a link what it points at is replaced.
  ///
  /// - Parameter token: makes the name under which it is written first one of its own.
  static func replace(
    _ path: String, with text: String, token: String, mode: UInt32 = 0o600
  ) throws(FileError) {
    let place = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let unfinished = "\(place).\(token).part"
    try create(unfinished, text, mode: mode)
    guard rename(unfinished, place) == 0 else {
      defer { unlink(unfinished) }
      throw FileError(path: path, errno: errno)
    }
  }

  /// Whether a file can be put there in the place of another one.
  static func canReplace(_ path: String) -> Bool {
    let place = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    return !isDirectory(place.path) && access(place.deletingLastPathComponent().path, W_OK) == 0
  }

  /// Refuses where no new file can be put into its folder, before there is work to lose.
  static func requireRoom(for path: String) throws(FileError) {
    guard access(folder(of: path), W_OK | X_OK) == 0 else {
      throw FileError(path: path, errno: errno)
    }
  }

  /// Makes a folder, and those that it lies in, where they are missing.
  static func makeFolder(_ path: String) throws(FileError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileError(path: path, errno: exists(path) ? ENOTDIR : EACCES)
    }
  }

  /// The first bytes of a file, at most so many; nil for what cannot be read as one.
  static func beginning(of path: String, count: Int) -> [UInt8]? {
    guard !isDirectory(path), let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    return (try? file.read(upToCount: count)).map { Array($0) }
  }

  /// In bytes; nil for what is no file: a pipe, a device, a link to nothing.
  static func length(of path: String) -> Int64? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int64(status.st_size)
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether everyone on this machine may read a file.
  static func isWorldReadable(_ path: String) -> Bool { mode(of: path) & 0o004 != 0 }

  /// Whether everyone on this machine may write to a file.
  static func isWorldWritable(_ path: String) -> Bool { mode(of: path) & 0o002 != 0 }

  /// Who may do what with a file; 0 where there is none.
  private static func mode(of path: String) -> UInt32 {
    var status = stat()
    return stat(path, &status) == 0 ? UInt32(status.st_mode) : 0
  }

  /// How many bytes users may still write on the disk of a folder; nil where the system does not say.
  static func freeBytes(at folder: String) -> Int64? {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return nil }
    let (bytes, overflow) = Int64(clamping: status.f_bavail)
      .multipliedReportingOverflow(by: Int64(clamping: status.f_frsize))
    return overflow ? .max : bytes
  }

  /// The folder that a file lies in.
  static func folder(of path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().path
  }

  /// The SHA-256 of a file of any length, in hexadecimal.
  static func checksum(of path: String) throws(FileError) -> String {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw FileError(path: path, errno: errno)
    }
    defer { try? file.close() }
    do {
      return Hex.encode(
        try Hash.sha256(pieces: {
          let piece = try file.read(upToCount: 1 << 20) ?? Data()
          return piece.isEmpty ? nil : Array(piece)
        }))
    } catch {
      throw FileError(path: path, errno: EIO)
    }
  }
}

/// A file that could not be read or written, and what the system said.
struct FileError: Error, Sendable, Hashable {
  let path: String
  let errno: Int32

  var isMissing: Bool { errno == ENOENT || errno == ENOTDIR }
  var exists: Bool { errno == EEXIST }
  var isDirectory: Bool { errno == EISDIR }
  var words: String { Self.words(errno) }

  static func words(_ errno: Int32) -> String { String(cString: strerror(errno)).lowercased() }
}

extension FileError: Explainable {
  /// Commands that read a file which the user named turn a missing one into exit 4 or 8 themselves.
  var explanation: CommandError {
    if isMissing { return .notFound("\(path): no such file") }
    if isDirectory { return .usage("\(path): \(words)", hint: "name a file") }
    return .unexpected("storage", "\(path): \(words)")
  }

  /// Of a file that was to be made under the name that the user gave.
  func inMaking(_ name: String) -> CommandError {
    if isMissing {
      return .notFound("\(name) cannot be written: no such folder", hint: "make the folder first")
    }
    return .unexpected("storage", "\(name) cannot be written: \(words)")
  }
}
