import Basics
import Testing

@testable import StripeSandbox

/// The check of sums finds what it is there to find.
@Suite struct InvoiceSumsTests {
  @Test(
    .tags(.unit),
    arguments: [
      ("subtotal", "lines 1900 less 0 are not 1"),
      ("total", "lines 1900 less 190 are not the total 1"),
      ("amount_paid", "paid 1 and remaining 0 are not 1710"),
      ("amount_due", "paid 1710 and remaining 0 are not 1"),
      ("amount_remaining", "it is paid, but 1 remains"),
      ("ending_balance", "total 1710, balance 0 and then 1 do not make 1710"),
      ("amount_overpaid", "it is overpaid"),
    ])
  func findsWhatDoesNotAddUp(_ field: String, _ expected: String) throws {
    let world = try MoneyWorld()
    _ = world.stripe.post("/v1/coupons", "id=TENTH&percent_off=10")
    let invoice = world.latestInvoice(
      world.subscribe(world.customer(), "discounts[0][coupon]=TENTH"))
    #expect(InvoiceSums.faults(of: invoice.body) == [])
    var object = try #require(invoice.body.object)
    object[field] = 1
    #expect(InvoiceSums.faults(of: .object(object)).contains("\(invoice.id): \(expected)"))
  }
}
