/// Why a file cannot be used as a sandbox. None of these changes the file.
package enum SandboxOpenError: Error, Hashable, Sendable {
  /// The file is not SQLite's, or of another program.
  case notASandbox(path: String)
  /// The file is empty: SQLite would take it for a new database, we do not.
  case empty(path: String)
  /// A newer version of the tool made the file.
  case newerVersion(path: String, version: Int, newestKnown: Int)
  /// The file is damaged.
  case damaged(path: String)
  /// The file or its directory cannot be read, written or made.
  case cannotOpen(path: String, reason: String)
  /// Another process holds the file for longer than we wait.
  case busy(path: String)
}
