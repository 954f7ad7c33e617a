/// `billing plans page --html FILE`: the catalogue as a pricing page.
struct PlansPage: Command {
  static let name = "plans page"
  static let summary = "Write a pricing page from the catalogue"
  static let discussion = """
    Writes one HTML file that stands by itself: prices with a switch between intervals, a table that
    compares the plans, and the token packages. It loads nothing from elsewhere, works without
    JavaScript, and follows the reader's light or dark setting. An existing file is replaced.
    """
  static let parameters: [Parameter] = [PageFile.parameter]
  static let examples = ["plans page --html pricing.html"]

  var file: PageFile

  init(parsing arguments: inout Arguments) throws(UsageError) {
    file = try PageFile(parsing: &arguments)
  }

  func run(_ context: Context) async throws -> ObjectReport {
    try file.write(PricingPage(try context.catalogue()).html, mode: 0o644, context)
  }
}
