import Basics
import Foundation

/// An invoice as a PDF of one page: plain, but one that every reader opens.
enum InvoicePDF {
  static func bytes(of invoice: JSONObject) -> [UInt8] {
    let content = Array("BT /F1 11 Tf 16 TL 56 780 Td\n".utf8) + text(of: invoice) + "ET".utf8
    let objects: [[UInt8]] = [
      Array("<< /Type /Catalog /Pages 2 0 R >>".utf8),
      Array("<< /Type /Pages /Kids [3 0 R] /Count 1 >>".utf8),
      Array(
        """
        << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
        /Resources << /Font << /F1 5 0 R >> >> >>
        """.utf8),
      Array("<< /Length \(content.count) >>\nstream\n".utf8) + content + "\nendstream".utf8,
      Array(
        """
        << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>
        """.utf8),
    ]
    return file(objects)
  }

  /// Objects with the table that tells where each begins.
  private static func file(_ objects: [[UInt8]]) -> [UInt8] {
    var file = Array("%PDF-1.4\n".utf8)
    var table = "0000000000 65535 f \n"
    for (index, object) in objects.enumerated() {
      let place = String(file.count)
      table += String(repeating: "0", count: 10 - place.count) + place + " 00000 n \n"
      file += Array("\(index + 1) 0 obj\n".utf8) + object + "\nendobj\n".utf8
    }
    let start = file.count
    let count = objects.count + 1
    file += "xref\n0 \(count)\n\(table)trailer\n<< /Size \(count) /Root 1 0 R >>\n".utf8
    file += "startxref\n\(start)\n%%EOF\n".utf8
    return file
  }

  private static func text(of invoice: JSONObject) -> [UInt8] {
    let currency = invoice.string("currency") ?? ""
    let money = { (key: String) in
      PriceText.amount(Decimal(invoice.integer(key) ?? 0), currency: currency)
    }
    var lines = [
      "Invoice \(invoice.string("number") ?? invoice.id)", invoice.string("customer_name") ?? "",
      invoice.string("customer_email") ?? "", "",
    ]
    let items = invoice.object("lines")?["data"]?.array ?? []
    for item in items.prefix(30) {
      let amount = PriceText.amount(Decimal(item["amount"]?.integer ?? 0), currency: currency)
      lines.append("\(amount)   \(item["description"]?.string ?? "")")
    }
    lines += [
      "", "Total \(money("total"))", "Paid \(money("amount_paid"))", "",
      "A sandbox made this bill.",
    ]
    return lines.flatMap { Array("(".utf8) + encoded($0) + ") Tj T*\n".utf8 }
  }

  /// A text in the PDF's own encoding, which is Latin with a few signs more; other letters are lost.
  private static func encoded(_ text: String) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar -> [UInt8] in
      switch scalar {
      case "(", ")", "\\": [UInt8(ascii: "\\"), UInt8(scalar.value)]
      case "€": [0x80]
      case "–": [0x96]
      case " "..."~", "\u{A0}"..."\u{FF}": [UInt8(scalar.value)]
      default: [UInt8(ascii: "?")]
      }
    }
  }
}
