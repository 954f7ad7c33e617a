import Basics
import BillingCore

/// A record of CSV that was refused, with the reason in the column `error`: however many cells it
/// has, and without the reason for which it was refused before.
struct RejectedRecord {
  private static let (comma, quote) = (UInt8(ascii: ","), UInt8(ascii: "\""))
  private static let error = Array("error".utf8)

  /// The record, without the line's end.
  let text: [UInt8]

  init(_ line: UsageImporting.Refused, under header: [UInt8]) {
    let columns = Self.cells(of: header)
    let width = Self.withoutReasons(columns).count
    var cells = line.refusal.isSecret ? [] : Self.cells(of: line.text)
    if cells.count == columns.count { cells.removeLast(columns.count - width) }
    while cells.count < width { cells.append([]) }
    // The line's end is one character.
    let reason = CSVText.line([CSVText.cell(.string(line.refusal.reason))]).dropLast()
    text = Array((cells + [Array(reason.utf8)[...]]).joined(separator: [Self.comma]))
  }

  /// The columns of a file of refused records; one that is read again has the last of them already.
  static func header(over header: [UInt8]) -> [UInt8] {
    Array((withoutReasons(cells(of: header)) + [error[...]]).joined(separator: [comma]))
  }

  private static func withoutReasons(_ columns: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
    columns.reversed().drop { Array($0) == error }.reversed()
  }

  private static func cells(of record: [UInt8]) -> [ArraySlice<UInt8>] {
    var isQuoted = false
    return record.split(omittingEmptySubsequences: false) { byte in
      if byte == quote { isQuoted.toggle() }
      return byte == comma && !isQuoted
    }
  }
}
