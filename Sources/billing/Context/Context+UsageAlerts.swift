import Basics
import BillingCore

extension Context {
  /// Who has used much, of some customers or of all; each read by itself, so that no one waits for a
  /// long reading. Whose plan vanished from the catalogue is warned of and left out.
  func usageAlerts(
    of ids: [String]? = nil, in catalogue: Catalogue, at clock: Timestamp
  ) throws -> [(alert: UsageAlert, customer: CustomerRow)] {
    let store = try store()
    var found: [(alert: UsageAlert, customer: CustomerRow)] = []
    for id in try ids ?? store.read({ try $0.customersWithUsage() }) {
      do {
        found += try store.read { transaction in
          guard let customer = try transaction.customer(id), !customer.isDeleted else { return [] }
          return try transaction.usageAlerts(of: customer, in: catalogue, at: clock)
            .map { ($0, customer) }
        }
      } catch let error as VanishedPlan {
        warn(CommandError(explaining: error).message)
      }
    }
    return found
  }
}
