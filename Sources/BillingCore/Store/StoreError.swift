/// What keeps the state database from being used. Facts, for the shell to put into words.
package enum StoreError: Error, Sendable, Hashable {
  /// The file or its folder cannot be opened or made.
  case cannotOpen(path: String, reason: String)
  /// A file of zero bytes: perhaps one whose content was lost.
  case empty(path: String)
  /// Not an SQLite file.
  case notADatabase(path: String)
  /// An SQLite file of another program.
  case otherProgram(path: String)
  /// Written by a newer version of the tool.
  case newerVersion(path: String, found: Int, known: Int)
  /// Pages that contradict each other.
  case damaged(path: String, detail: String)
  /// A write to a file or place that only can be read.
  case readOnly(path: String)
  /// The file belongs to another mode (`sandbox`, `test`, `live`).
  case wrongMode(path: String, stored: String, wanted: String)
  /// The file belongs to another Stripe account.
  case wrongAccount(path: String, stored: String, wanted: String)
  /// Another process held the write lock for longer than the busy timeout.
  case busy(path: String)
  /// Another process has the file open, and it must be nobody's for what was asked.
  case inUse(path: String)
  /// There is no file, and this is nothing that makes one.
  case missing(path: String)
  /// The file was removed or replaced while it was in use, so that what is written is lost.
  case replaced(path: String)
  /// The disk is full.
  case full(path: String)
  /// What was to be written contradicts a rule of the tables, such as a CHECK: the fault of what was
  /// written, not of the file.
  case ruleBroken(detail: String)
  /// Anything else that SQLite said.
  case failed(path: String, detail: String)
}
