import Basics
import Stripe

/// A folder of invoices as PDF files, each under a name that stays the same.
struct InvoiceFiles: Sendable {
  /// What became of one invoice.
  struct Result: Sendable {
    let invoice: Invoice
    let file: String
    var status: String
    var bytes: Int?
    var error: CommandError?

    var json: JSON {
      [
        "invoice": .string(invoice.id), "number": JSON(invoice.number), "file": .string(file),
        "status": .string(status), "bytes": JSON(bytes),
        "error": error.map {
          ["code": .string($0.code), "message": .string($0.message)]
        } ?? .null,
      ]
    }
  }

  let folder: String
  /// As the user named it.
  let shownAs: String
  /// Nil for a dry run.
  let documents: PublicDocuments?
  let makeToken: @Sendable (Int) -> String

  /// Fetches an invoice's PDF unless it is there. Only an interruption throws.
  func fetch(_ invoice: Invoice) async throws -> Result {
    let name = Self.name(of: invoice)
    let path = folder + "/" + name
    var result = Result(invoice: invoice, file: shownAs + "/" + name, status: "done")
    do {
      if Files.exists(path) {
        try requirePDF(
          Files.beginning(of: path, count: 5) ?? [], of: "what stands at \(result.file)")
        result.status = "already_done"
        return result
      }
      guard let documents else {
        result.status = "planned"
        return result
      }
      let bytes = try await documents.bytes(at: invoice.invoicePDF ?? "")
      try requirePDF(bytes, of: "what Stripe sent for \(invoice.id)")
      try Files.place(bytes, at: path, token: makeToken(8))
      result.bytes = bytes.count
    } catch {
      try Task.checkCancellation()
      result.status = "failed"
      result.error = CommandError(explaining: error)
    }
    return result
  }

  private func requirePDF(_ bytes: [UInt8], of what: String) throws(CommandError) {
    guard bytes.starts(with: Array("%PDF-".utf8)) else {
      throw .conflict("invalid_state", "\(what) is no PDF; it was left alone")
    }
  }

  /// The number, where it is a plain file name and so stays one everywhere; else the id. Both are a
  /// server's words, so neither may lead out of the folder.
  static func name(of invoice: Invoice) -> String {
    if let number = invoice.number, isPlain(number) { return number + ".pdf" }
    return (isPlain(invoice.id) ? invoice.id : Hex.encode(Hash.sha256(Array(invoice.id.utf8))))
      + ".pdf"
  }

  private static func isPlain(_ name: String) -> Bool {
    name.count <= 100 && name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]*/) != nil
  }
}
