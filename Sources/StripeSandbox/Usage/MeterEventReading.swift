import Basics
import Foundation

/// What the payload of a meter event says, and what is wrong with it.
struct MeterEventReading {
  /// What makes an event count for nothing.
  struct Problem: Hashable {
    let code: String
    let message: String
  }

  /// Whose usage it is; nil where it counts for nobody.
  private(set) var customer: String?
  /// How much, as a decimal number; empty where there is none.
  private(set) var value = ""
  private(set) var problem: Problem?

  /// The most digits of a value before the point, and behind it.
  static let digits = (whole: 15, fraction: 12)

  init(_ payload: JSONObject, meter: JSONObject?, eventName: String, _ call: Call) throws {
    guard let meter else {
      problem = Problem(
        code: "no_meter", message: "No meter was found matching event_name \(eventName).")
      return
    }
    let key = meter.object("customer_mapping")?.string("event_payload_key") ?? ""
    guard let id = payload.string(key), !id.isEmpty else {
      problem = Problem(
        code: "meter_event_no_customer_defined",
        message: "Customer mapping key \(key) not found in payload.")
      return
    }
    guard try call.find("customer", id) != nil else {
      problem = Problem(
        code: "meter_event_customer_not_found", message: "Customer with id \(id) not found.")
      return
    }
    problem = readValue(payload, meter: meter)
    if problem == nil { customer = id }
  }

  /// Reads how much was used. A meter that counts events needs no value.
  private mutating func readValue(_ payload: JSONObject, meter: JSONObject) -> Problem? {
    if meter.object("default_aggregation")?.string("formula") == "count" {
      value = "1"
      return nil
    }
    let key = meter.object("value_settings")?.string("event_payload_key") ?? ""
    guard let text = payload.string(key), !text.isEmpty else {
      return Problem(
        code: "meter_event_invalid_value", message: "Value key \(key) not found in payload.")
    }
    guard text.wholeMatch(of: /-?[0-9]+(\.[0-9]+)?/) != nil else {
      return Problem(
        code: "meter_event_invalid_value",
        message: "Invalid value for key \(key): \(text.prefix(100)) is not a number.")
    }
    let parts = text.drop { $0 == "-" }.split(separator: ".")
    guard parts[0].count <= Self.digits.whole,
      parts.count == 1 || parts[1].count <= Self.digits.fraction
    else {
      return Problem(
        code: "meter_event_value_too_many_digits",
        message: """
          Invalid value for key \(key): at most \(Self.digits.whole) digits before the decimal \
          point and \(Self.digits.fraction) after it.
          """)
    }
    value = text
    return nil
  }
}
