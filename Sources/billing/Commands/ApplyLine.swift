import Basics
import BillingCore
import Stripe

/// One line of a file of operations: what it says by its columns, and the command that means.
struct ApplyLine: Sendable {
  /// As editors count.
  let number: Int
  let operation: ApplyOperation
  let customer: CustomerReference
  let command: any Command
  let planID: String?
  /// How many equal lines stand before it in the file.
  var occurrence = 0
  /// What the keys of the line are made of.
  private let meaning: String

  /// The columns that there are, in the order in which help names them.
  static let columns = [
    "operation", "customer", "plan", "interval", "quantity", "payment_method", "trial_days",
    "coupon", "reference",
  ]

  /// What is wrong with a line, and in which of its columns.
  struct Mistake: Error, Hashable {
    var line: Int
    /// Nil where the line as a whole cannot be read.
    var column: String?
    var message: String
  }

  /// - Parameter cells: what stands in the columns; none is empty.
  init(_ number: Int, _ cells: [String: String]) throws(Mistake) {
    func mistake(_ column: String, _ message: String) -> Mistake {
      Mistake(line: number, column: column, message: message)
    }
    for column in Self.columns where cells[column].map(CardNumber.stands) == true {
      throw mistake(column, "a card number; it was not used")
    }
    guard let name = cells["operation"] else { throw mistake("operation", "is missing") }
    guard let operation = ApplyOperation(name) else {
      let nearest = NearestName.of(name, among: ApplyOperation.names)
      throw mistake(
        "operation",
        "must be \(Arguments.list(ApplyOperation.names)), not \(Arguments.quoted(name))"
          + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }
    guard let text = cells["customer"] else { throw mistake("customer", "is missing") }
    guard let customer = CustomerReference(text) else {
      throw mistake("customer", "must be an id (cus_…), an e-mail address or an id of yours")
    }
    if let column = Self.columns.first(where: { cells[$0] != nil && !operation.takes($0) }) {
      throw mistake(column, "\(name) takes none")
    }
    do throws(UsageError) {
      command = try operation.command(cells)
    } catch {
      let column = operation.column(of: error)
      throw mistake(column, operation.words(of: error, in: column))
    }
    self.number = number
    self.operation = operation
    self.customer = customer
    // Every column counts, also one that stands empty: the same words are the same operation.
    meaning = JSON.array(Self.columns.map { JSON(cells[$0]) }).compact
    planID = cells["plan"]
  }

  /// The same for the same words in the same place among equal lines, whatever file they stand in.
  ///
  /// - Parameter attempt: 1 for the first; what was refused is tried again under another key.
  func key(attempt: Int) -> IdempotencyKey {
    let digest = Hash.sha256(Array("\(meaning) \(occurrence)".utf8))
    let text = "apply-" + Hex.encode(digest.prefix(16)) + (attempt > 1 ? "-\(attempt)" : "")
    guard let key = IdempotencyKey(text) else { preconditionFailure("hexadecimal is a key") }
    return key
  }

  /// Tells equal lines apart, by how many stand before each.
  static func counted(_ lines: [ApplyLine]) -> [ApplyLine] {
    var counts: [String: Int] = [:]
    return lines.map { line in
      var line = line
      line.occurrence = counts[line.meaning, default: 0]
      counts[line.meaning] = line.occurrence + 1
      return line
    }
  }
}
