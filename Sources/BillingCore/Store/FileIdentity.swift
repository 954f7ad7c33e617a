import Foundation

/// Tells a file from another one that stands at the same path later.
struct FileIdentity: Hashable {
  let device: UInt64
  let inode: UInt64

  /// Nil where there is no file.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}
