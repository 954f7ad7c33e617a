import Basics

/// Whom and what the lines of a file speak of: looked up once, at the piece that names it first.
struct UsageSubjects {
  /// A customer's use of a meter.
  struct Known {
    let customerID: String
    let meterID: String
    /// Whether there is such a meter.
    let hasMeter: Bool
    /// The time by which the customer lives.
    let now: Timestamp
  }

  private struct Customer {
    let id: String
    let now: Timestamp
  }

  private let meterIDs: Set<String>
  private let now: Timestamp
  private var customers: [String: Result<Customer, UsageRefusal>] = [:]
  private var subjects: [Result<Known, UsageRefusal>] = []

  init(meterIDs: Set<String>, now: Timestamp) {
    self.meterIDs = meterIDs
    self.now = now
  }

  /// How many have a number.
  var count: Int { subjects.count }

  /// What has a number in a file.
  subscript(number: Int) -> Result<Known, UsageRefusal> { subjects[number] }

  /// Looks up what has the next numbers.
  mutating func learn(_ new: [UsageSubject], _ transaction: Transaction) throws {
    for subject in new {
      let customer: Result<Customer, UsageRefusal>
      if let known = customers[subject.customer] {
        customer = known
      } else {
        customer = try self.customer(subject.customer, transaction)
        customers[subject.customer] = customer
      }
      subjects.append(
        customer.map {
          Known(
            customerID: $0.id, meterID: subject.meterID,
            hasMeter: meterIDs.contains(subject.meterID), now: $0.now)
        })
    }
  }

  private func customer(
    _ text: String, _ transaction: Transaction
  ) throws -> Result<Customer, UsageRefusal> {
    let found = try CustomerReference(text).map { try transaction.customers($0) } ?? []
    guard found.count < 2 else {
      return .failure(
        UsageRefusal("\(UsageLineReader.quoted(text)) fits \(found.count) customers"))
    }
    guard let customer = found.first else {
      return .failure(UsageRefusal("no customer \(UsageLineReader.quoted(text))"))
    }
    return .success(
      Customer(id: customer.id, now: try transaction.time(of: customer, at: now)))
  }
}
