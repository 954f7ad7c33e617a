import Basics
import Foundation

/// What a request says of one thing to be billed: by an amount, a price or what a unit costs. The
/// same fields serve invoice items and the lines of an invoice.
struct InvoiceItemTerms {
  let given: JSONObject
  /// How a field is named in an error: `lines[0][amount]`.
  var name: (String) -> String = { $0 }
  let call: Call

  /// The fields that are carried out.
  static let fields: Set<String> = [
    "amount", "description", "discountable", "discounts", "metadata", "period", "price_data",
    "pricing", "quantity", "unit_amount_decimal",
  ]

  /// Refuses what Stripe knows and the sandbox does not carry out.
  func checkFields(besides others: Set<String> = []) throws {
    for field in given.keys where !Self.fields.union(others).contains(field) {
      throw SandboxError.invalid(
        "The sandbox does not offer the parameter \(name(field)) of this operation yet.",
        code: "parameter_unsupported", parameter: name(field))
    }
  }

  private func value(_ field: String) -> JSON? { given[field].map { $0 == "" ? .null : $0 } }

  private var hasPrice: Bool {
    ["amount", "price_data", "pricing", "unit_amount_decimal"].contains { given[$0] != nil }
  }
}

// MARK: A new one

extension InvoiceItemTerms {
  /// The line that the terms make.
  ///
  /// - Parameter currency: that of the invoice or of the customer; where there is none, the
  ///   parameter `currency` decides, or the account's own.
  func line(currency: String?) throws -> InvoiceLine {
    let wanted = try given.string("currency").map {
      try Currency.checked($0, parameter: name("currency"))
    }
    let price = try price(currency: wanted ?? currency ?? "usd")
    let quantity = try quantity() ?? 1
    let amount = try PriceAmount.amount(of: price, quantity: quantity)
    let product = try SubscriptionItems.product(of: price, call)
    let isNamed = given["pricing"] != nil || given["price_data"] != nil
    var line = InvoiceLine(
      amount: amount, description: isNamed ? product.string("name") ?? "" : "",
      quantity: quantity, price: price, period: BillingPeriod(start: call.now, end: call.now))
    line.isDiscountable = amount >= 0
    try apply(to: &line)
    return line
  }

  /// What can be said of a line besides what it costs.
  private func apply(to line: inout InvoiceLine) throws {
    if let description = value("description") { line.description = description.string ?? "" }
    if let isDiscountable = given.bool("discountable") { line.isDiscountable = isDiscountable }
    if let period = given.object("period"), let start = period.timestamp("start"),
      let end = period.timestamp("end")
    {
      guard start <= end else {
        throw SandboxError.invalid(
          "The period's start must not be after its end.", parameter: name("period"))
      }
      line.period = BillingPeriod(start: start, end: end)
    }
    guard let metadata = given["metadata"] else { return }
    line.metadata =
      try Metadata.merged(line.metadata, with: metadata, parameter: name("metadata")).object ?? [:]
  }

  private func quantity() throws -> Int64? {
    guard let quantity = given.integer("quantity") else { return nil }
    try Call.checkRange(quantity, 0...999_999_999, parameter: name("quantity"))
    return quantity
  }

  /// What one unit costs; with an amount there is one.
  private func price(currency: String) throws -> JSONObject {
    let ways = ["amount", "price_data", "pricing", "unit_amount_decimal"]
      .filter { given[$0] != nil }
    guard let way = ways.first else { throw SandboxError.missingParameter(name("amount")) }
    guard ways.count == 1, way != "amount" || given["quantity"] == nil else {
      let names = ways + (given["quantity"] == nil ? [] : ["quantity"])
      throw SandboxError.invalid(
        "You may only specify one of these parameters: \(names.joined(separator: ", ")).",
        code: "parameters_exclusive", parameter: name(way))
    }
    let description = given.string("description") ?? ""
    switch way {
    case "amount":
      let amount = given.integer("amount") ?? 0
      try Call.checkRange(
        amount, -PriceTerms.maximumAmount...PriceTerms.maximumAmount, parameter: name(way))
      return try OneTimePrice.made(
        unitAmount: Decimal(amount), currency: currency, description: description, call)
    case "unit_amount_decimal":
      let unit = given["unit_amount_decimal"]?.decimal ?? 0
      guard abs(unit) <= Decimal(PriceTerms.maximumAmount), unit.exponent >= -12 else {
        throw SandboxError.invalid("Invalid decimal: \(unit)", parameter: name(way))
      }
      return try OneTimePrice.made(
        unitAmount: unit, currency: currency, description: description, call)
    case "price_data":
      return try OneTimePrice.made(given.object("price_data") ?? [:], call) {
        name("price_data") + "[\($0)]"
      }
    default:
      let parameter = name("pricing") + "[price]"
      guard let id = given.object("pricing")?.string("price") else {
        throw SandboxError.missingParameter(parameter)
      }
      return try OneTimePrice.referenced(id, parameter: parameter, call)
    }
  }
}

// MARK: A change

extension InvoiceItemTerms {
  /// The line that another becomes.
  func changed(_ line: InvoiceLine) throws -> InvoiceLine {
    var changed = line
    if hasPrice {
      changed.price = try price(currency: line.price.string("currency") ?? "usd")
      if given["amount"] != nil { changed.quantity = 1 }
    }
    if let quantity = try quantity() { changed.quantity = quantity }
    if hasPrice || given["quantity"] != nil {
      guard !line.isProration else {
        throw SandboxError.invalid(
          "The amount of a proration cannot be changed.", parameter: name("amount"))
      }
      changed.amount = try PriceAmount.amount(of: changed.price, quantity: changed.quantity)
    }
    try apply(to: &changed)
    return changed
  }

  /// The discounts that the terms give to an item; nil where they say nothing of them.
  func discounts(of item: JSONObject) throws -> [String]? {
    guard let value = value("discounts") else { return nil }
    return try DiscountRedemption(
      owner: .invoiceItem(item.id), customer: item.string("customer") ?? "",
      currency: item.string("currency"), amount: item.integer("amount"), call: call
    ).discounts(value.array ?? [], current: item.strings("discounts"), at: name("discounts"))
      .map { $0.id }
  }
}
