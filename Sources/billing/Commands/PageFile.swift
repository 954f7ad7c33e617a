import Basics
private import Foundation

/// The file of `--html FILE`, into which a command writes a page.
struct PageFile {
  static let parameter = Parameter.option("--html", "FILE", "Where to write the page")

  let name: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    guard let name = try arguments.option("--html") else {
      throw arguments.error("--html is missing: --html FILE says where to write the page")
    }
    guard !name.isEmpty else { throw arguments.error("--html is empty") }
    guard name != "-" else { throw arguments.error("--html is a file, and - is none") }
    self.name = name
  }

  /// Puts the page in the place of what stands there, whole or not at all.
  func write(_ page: String, mode: UInt32, _ context: Context) throws -> ObjectReport {
    let path = context.resolve(name)
    guard !Files.isDirectory(path) else { throw FileError(path: name, errno: EISDIR) }
    let isDryRun = context.settings.isDryRun
    if !isDryRun {
      do throws(FileError) {
        try Files.replace(path, with: page, token: context.world.makeToken(8), mode: mode)
      } catch {
        throw error.inMaking(name)
      }
    }
    return ObjectReport(
      object: [
        "dry_run": .bool(isDryRun), "file": .string(name), "bytes": JSON(page.utf8.count),
      ],
      fields: [
        Field(isDryRun ? "Would write" : "Page", name), Field("Bytes", JSON(page.utf8.count)),
      ], closing: isDryRun ? "A dry run: nothing was written." : nil)
  }
}
