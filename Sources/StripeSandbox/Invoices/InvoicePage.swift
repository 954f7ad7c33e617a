import Basics

/// What stands at the public address of an invoice's PDF. Who has the address may read it: there is
/// no key.
enum InvoicePage {
  /// The answer to a request for a page; nil where it is for the API.
  static func answer(to request: SandboxRequest, in store: Store) throws -> SandboxResponse? {
    let path = request.target.prefix { $0 != "?" }
    guard path.hasPrefix("/invoice/"), path.hasSuffix("/pdf") else { return nil }
    guard request.method.uppercased() == "GET",
      let invoice = try store.read({ try $0.invoice(showing: "\(host)\(path)") })
    else {
      return SandboxResponse(
        status: 404, headers: [("Content-Type", "text/plain")], body: Array("Not found\n".utf8))
    }
    return SandboxResponse(
      status: 200, headers: [("Content-Type", "application/pdf")],
      body: InvoicePDF.bytes(of: invoice))
  }

  /// Where Stripe has these pages.
  static let host = "https://pay.stripe.com"
}

extension StoreTransaction {
  /// The invoice that has this address of a PDF.
  fileprivate func invoice(showing address: String) throws -> JSONObject? {
    try objects(type: "invoice", containing: address).first {
      $0.string("invoice_pdf")?.prefix { $0 != "?" } == address[...]
    }
  }
}
