import Basics
import BillingCore
private import Foundation

/// `billing plans page --html FILE`: the catalogue as a pricing page.
struct PlansPage: Command {
  static let name = "plans page"
  static let summary = "Write a pricing page from the catalogue"
  static let discussion = """
    Writes one HTML file that stands by itself: prices with a switch between intervals, a table that
    compares the plans, and the token packages. It loads nothing from elsewhere, works without
    JavaScript, and follows the reader's light or dark setting. An existing file is replaced.
    """
  static let parameters: [Parameter] = [
    .option("--html", "FILE", "Where to write the page")
  ]
  static let examples = ["plans page --html pricing.html"]

  var file: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    guard let file = try arguments.option("--html") else {
      throw arguments.error("--html is missing: --html FILE says where to write the page")
    }
    guard !file.isEmpty else { throw arguments.error("--html is empty") }
    self.file = file
  }

  func run(_ context: Context) async throws -> ObjectReport {
    let page = PricingPage(try context.catalogue()).html
    let path = context.resolve(file)
    guard !Files.isDirectory(path) else { throw FileError(path: file, errno: EISDIR) }
    let isDryRun = context.settings.isDryRun
    if !isDryRun {
      do {
        try Data(page.utf8).write(to: URL(filePath: path), options: .atomic)
      } catch {
        throw CommandError.unexpected("storage", "\(file) cannot be written")
      }
    }
    return ObjectReport(
      object: [
        "dry_run": .bool(isDryRun), "file": .string(file), "bytes": JSON(page.utf8.count),
      ],
      fields: [
        Field(isDryRun ? "Would write" : "Page", file), Field("Bytes", JSON(page.utf8.count)),
      ], closing: isDryRun ? "A dry run: nothing was written." : nil)
  }
}
