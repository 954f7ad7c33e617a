import Basics
import BillingCore
import Stripe

struct InvoiceDownload: Command {
  static let name = "invoice download"
  static let summary = "Download invoices as PDF files"
  static let discussion = """
    Writes NUMBER.pdf into the folder (ID.pdf for an invoice whose number is no file name), of one
    invoice or of all that a customer has been sent; drafts have no PDF. A file that is there already
    is left alone, so running it again fetches only what is missing. Exit 10 if some failed.

    A line of the result has the fields invoice, number, file, status (done, already_done, failed,
    planned), bytes and error.
    """
  static let parameters: [Parameter] = [
    .optional("ID", "The invoice's id (in_…)"),
    .option("--customer", "C", "All invoices of this customer"),
    .option("--since", "T", "With --customer: those made since then"),
    .option("--out", "DIR", "The folder to write into; made where it is missing"),
  ]
  static let examples = [
    "invoice download in_1MtHbELkdIwHu7ixl4OzzPMv --out invoices",
    "invoice download --customer ada@example.com --since '3 months' --out invoices",
  ]
  static let isBatch = true

  /// How many files are fetched at once.
  private static let concurrency = 4

  /// One invoice, or a customer's.
  enum Selection: Equatable {
    case invoice(String)
    case customer(CustomerReference, since: TimeArgument?)
  }

  var selection: Selection
  var folder: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    let id = arguments.optionalPositional("ID")
    let customer = try arguments.option("--customer")
    let since = try arguments.time("--since")
    switch (id, customer) {
    case (let id?, nil):
      guard since == nil else { throw arguments.error("--since goes with --customer") }
      selection = .invoice(id)
    case (nil, let word?):
      guard let reference = CustomerReference(word) else {
        throw arguments.error("--customer must be an id, an e-mail address or an id of yours")
      }
      selection = .customer(reference, since: since)
    default: throw arguments.error("name either an invoice or --customer C")
    }
    guard let folder = try arguments.option("--out"), !folder.isEmpty else {
      throw arguments.error("--out is missing: --out DIR says where to write the files")
    }
    self.folder = folder
  }

  func run(_ context: Context) async throws -> ListReport {
    let invoices = try await invoices(context)
    let isDryRun = context.settings.isDryRun
    let path = context.resolve(folder)
    guard !Files.exists(path) || Files.isDirectory(path) else {
      throw CommandError.usage("--out names a file: \(folder)", hint: "name a folder")
    }
    if !isDryRun { try Files.makeFolder(path) }
    let files = InvoiceFiles(
      folder: path, shownAs: folder, documents: isDryRun ? nil : try PublicDocuments(context),
      makeToken: context.world.makeToken)
    let progress = context.progress("downloading", total: Int64(invoices.count))
    defer { progress.finish() }
    var results = [InvoiceFiles.Result?](repeating: nil, count: invoices.count)
    try await withThrowingTaskGroup(of: (Int, InvoiceFiles.Result).self) { group in
      var waiting = Array(invoices.enumerated())[...]
      func addNext() {
        guard let (index, invoice) = waiting.popFirst() else { return }
        group.addTask { (index, try await files.fetch(invoice)) }
      }
      for _ in 0..<Self.concurrency { addNext() }
      while let (index, result) = try await group.next() {
        results[index] = result
        progress.advance()
        addNext()
      }
    }
    return try report(results.compactMap { $0 })
  }

  private func invoices(_ context: Context) async throws -> [Invoice] {
    switch selection {
    case .invoice(let id):
      guard let json = try await context.invoiceJSON(id) else { throw CommandError.noInvoice(id) }
      let invoice = try Invoice(json)
      guard invoice.invoicePDF != nil else {
        throw CommandError.conflict(
          "invalid_state", "\(id) is a draft, which has no PDF yet",
          hint: "Stripe makes it when the invoice is finalized")
      }
      return [invoice]
    case .customer(let reference, let since):
      let customer = try await context.directory().customer(reference)
      let since = try since?.before(context.now())
      return try await all(of: customer.id, context).map { try Invoice($0) }.filter {
        $0.invoicePDF != nil && $0.created >= since ?? .earliest
      }
    }
  }

  private func all(of customerID: String, _ context: Context) async throws -> [JSON] {
    guard context.settings.readsLocally else {
      return try await context.gateway().list(
        StripePath("invoices"), ["customer": .string(customerID)]
      ).objects
    }
    return try context.store().read { transaction in
      try transaction.invoiceIDs(customer: customerID, limit: nil)
        .compactMap { try transaction.objectJSON($0) }
    }
  }

  /// What went wrong with the one invoice that was named is the error itself.
  private func report(_ results: [InvoiceFiles.Result]) throws -> ListReport {
    let failures = results.compactMap { $0.error }
    if case .invoice = selection, let error = failures.first { throw error }
    return ListReport(
      results.map { $0.json }, keys: ["invoice", "number", "file", "status", "bytes", "error"],
      columns: [
        Column.id("INVOICE", "invoice"), Column("FILE", "file"), .status("STATUS"),
        Column("BYTES", "bytes", alignment: .right), Column("ERROR", "error", "message"),
      ], empty: "no invoices",
      outcome: failures.isEmpty
        ? .done
        : .failed(
          .partial(
            "\(failures.count) of \(results.count) invoices were not downloaded",
            hint: "run it again: what is there is not fetched twice")))
  }
}
