import Basics
import Testing

@testable import StripeSandbox

@Suite struct UpcomingInvoiceTests {
  /// What a preview was called before basil, with its fields at the top.
  @Test(.tags(.unit)) func upcoming() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: 15 * 86_400)
    let acacia = [(name: "Stripe-Version", value: "2024-11-20.acacia")]
    let path = "/v1/invoices/upcoming"
    let count = try world.eventCount()
    let upcoming = world.stripe.send(
      "GET", path,
      """
      subscription=\(subscription.id)&subscription_items[0][quantity]=3&\
      subscription_items[0][id]=\(subscription.item["id"]?.string ?? "")&\
      subscription_proration_behavior=always_invoice
      """, headers: acacia, isChecked: false)
    #expect(
      upcoming.lineTexts == [
        "-950 Unused time on Pro after 05 Dec 2026",
        "2850 Remaining time on 3 × Pro after 05 Dec 2026",
      ])
    #expect(upcoming["subscription"] == .string(subscription.id))
    #expect(try world.eventCount() == count)
    #expect(
      world.stripe.send("GET", path, headers: acacia).error.hasSuffix(
        "You must either provide a `customer` or a `subscription` to the upcoming invoice endpoint."
      ))
    #expect(world.stripe.get(path).status == 404)
  }

  /// Its lines by themselves, a page at a time.
  @Test(.tags(.unit)) func lines() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: 15 * 86_400)
    let acacia = [(name: "Stripe-Version", value: "2024-11-20.acacia")]
    let path = "/v1/invoices/upcoming/lines"
    let change = """
      limit=1&subscription=\(subscription.id)&subscription_items[0][quantity]=3&\
      subscription_items[0][id]=\(subscription.item["id"]?.string ?? "")&\
      subscription_proration_behavior=always_invoice
      """
    let first = world.stripe.send("GET", path, change, headers: acacia, isChecked: false)
    let line = first["data"]?.array?.first?.object ?? [:]
    #expect(line.integer("amount") == -950)
    #expect(first["has_more"] == true)
    let second = world.stripe.send(
      "GET", path, "\(change)&starting_after=\(line.id)", headers: acacia, isChecked: false)
    #expect(second["data"]?.array?.first?.object?.integer("amount") == 2850)
    #expect(second["has_more"] == false)
    #expect(world.stripe.get(path).status == 404)
  }
}
