import Basics
import Testing

@testable import StripeSandbox

/// A sandbox with a meter, a price that goes by it, and short words to report usage.
struct UsageWorld {
  let money: MoneyWorld
  let meter: String
  /// A tenth of a cent for each call.
  let price: String

  var stripe: TestSandbox { money.stripe }

  /// - Parameter meter: further parameters of the meter.
  init(formula: String = "sum", meter more: String = "") throws {
    money = try MoneyWorld()
    meter =
      money.stripe.post(
        "/v1/billing/meters",
        """
        display_name=Calls&event_name=calls&default_aggregation[formula]=\(formula)\
        \(more.isEmpty ? "" : "&\(more)")
        """
      ).id
    let product = money.stripe.post("/v1/products", "name=API&unit_label=call").id
    price =
      money.stripe.post(
        "/v1/prices", Self.terms(product, meter) + "&unit_amount_decimal=0.1"
      ).id
  }

  private static func terms(_ product: String, _ meter: String) -> String {
    """
    product=\(product)&currency=usd&recurring[interval]=month&recurring[usage_type]=metered\
    &recurring[meter]=\(meter)
    """
  }

  /// Another price of the same product and meter.
  func price(_ amounts: String) -> String {
    let product = stripe.get("/v1/prices/\(price)")["product"]?.string ?? ""
    return stripe.post("/v1/prices", "\(Self.terms(product, meter))&\(amounts)").id
  }

  @discardableResult
  func use(_ value: String, of customer: String, _ more: String = "") -> Answer {
    stripe.post(
      "/v1/billing/meter_events",
      """
      event_name=calls&payload[stripe_customer_id]=\(customer)&payload[value]=\(value)\
      \(more.isEmpty ? "" : "&\(more)")
      """)
  }

  /// The summaries of the whole day on which the tests begin.
  func summaries(_ customer: String, _ more: String = "") -> Answer {
    let start = TestSandbox.start.seconds / 86_400 * 86_400
    return stripe.get(
      "/v1/billing/meters/\(meter)/event_summaries",
      """
      customer=\(customer)&start_time=\(start)&end_time=\(start + 86_400)\
      \(more.isEmpty ? "" : "&\(more)")
      """)
  }

  /// How much was used on that day.
  func used(by customer: String) -> JSON? {
    summaries(customer).body[at: "data", "0", "aggregated_value"]
  }

  /// What thin events there are, newest first: type, code and message.
  func thinEvents() -> [String] {
    let list = stripe.get("/v2/core/events", isChecked: false)
    return (list["data"]?.array ?? []).map { event in
      let error = event[at: "data", "reason", "error_types", "0"]
      let sample = error?[at: "sample_errors", "0"]
      return """
        \(event["type"]?.string ?? "") \(error?["code"]?.string ?? ""): \
        \(sample?["error_message"]?.string ?? "") \
        [\(sample?[at: "request", "identifier"]?.string ?? "")]
        """
    }
  }
}
