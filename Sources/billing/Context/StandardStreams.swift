private import Foundation

/// Standard input, output and errors of the process.
enum StandardStreams {
  /// Puts the null device where the process was started without one of them (`>&-`). What is opened
  /// next would get its number, and what is printed would go into a socket or a file.
  static func occupy() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", O_RDWR)
    }
  }
}
