import Basics
import Foundation

/// Money given back: `/v1/refunds`.
///
/// To a card it goes at once, so that every refund has succeeded when it is answered.
enum Refunds: Resource {
  static let types = [
    ResourceType(
      "refund", idPrefix: "re", indexed: ["charge", "payment_intent"],
      expandable: [
        "balance_transaction": .reference("balance_transaction"), "charge": .reference("charge"),
        "customer": .reference("customer"), "payment_intent": .reference("payment_intent"),
        "payment_method": .reference("payment_method"),
      ])
  ]

  static let operations: [Operation] = [
    .post("/v1/refunds", create),
    .get("/v1/refunds", list),
    .get("/v1/refunds/{id}", retrieve),
    .post("/v1/refunds/{id}", update),
    .post("/v1/refunds/{id}/cancel", cancel),
  ]

  /// The events: the new refund, then the charge with what it was before.
  private static func create(_ call: Call) throws -> JSON {
    try call.accept(only: "amount", "charge", "metadata", "payment_intent", "reason")
    let charge = try charge(call)
    let refunded = charge.integer("amount_refunded") ?? 0
    let amount = try amount(of: charge, refunded: refunded, call)
    let refund = made(amount, of: charge, call).setting([
      "metadata": try call.newMetadata(), "reason": call["reason"] ?? .null,
    ])
    try call.create(refund, event: "refund.created")
    let total = refunded + amount
    try call.update(
      charge,
      to: charge.setting([
        "amount_refunded": .integer(total),
        "refunded": .bool(total == charge.integer("amount_captured")),
      ]), event: "charge.refunded")
    return .object(refund)
  }

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("refund"))
  }

  private static func list(_ call: Call) throws -> JSON {
    try call.list(
      "refund", matching: ["charge": call["charge"], "payment_intent": call["payment_intent"]])
  }

  private static func update(_ call: Call) throws -> JSON {
    try call.accept(only: "metadata")
    let refund = try call.required("refund")
    let changed = refund.setting(["metadata": try call.mergedMetadata(of: refund)])
    guard changed != refund else { return .object(refund) }
    try call.update(refund, to: changed, event: "charge.refund.updated")
    try call.emit("refund.updated", changed, since: refund)
    return .object(changed)
  }

  /// Only a refund that waits for the customer could be canceled; one to a card never does.
  private static func cancel(_ call: Call) throws -> JSON {
    let refund = try call.required("refund")
    throw SandboxError.invalid(
      """
      Refund \(refund.id) cannot be canceled because it has a status of \
      \(refund.string("status") ?? ""). Only refunds with a status of requires_action can be \
      canceled.
      """)
  }

  /// The refunds of a charge, newest first.
  static func all(of charge: JSONObject, _ call: Call) throws -> [JSONObject] {
    try call.all("refund", where: ["charge": .string(charge.id)])
  }
}

// MARK: Making

extension Refunds {
  /// The charge that is named, or that of the payment intent that is named.
  private static func charge(_ call: Call) throws -> JSONObject {
    let named = try call.string("charge").map {
      try call.referenced("charge", $0, parameter: "charge")
    }
    let intent = try (call.string("payment_intent") ?? named?.string("payment_intent")).map {
      try call.referenced("payment_intent", $0, parameter: "payment_intent")
    }
    guard named != nil || intent != nil else {
      throw SandboxError.invalid(
        """
        One of the following params should be provided for this request: payment_intent or charge.
        """)
    }
    let latest = try intent?.string("latest_charge").flatMap { try call.find("charge", $0) }
    guard let charge = named ?? latest, charge.string("status") == "succeeded" else {
      throw SandboxError.invalid(
        """
        This PaymentIntent (\(intent?.id ?? "")) does not have a successful charge to refund.
        """, parameter: call.has("payment_intent") ? "payment_intent" : "charge")
    }
    guard intent.map({ charge.string("payment_intent") == $0.id }) ?? true else {
      throw SandboxError.invalid(
        "Charge \(charge.id) does not belong to PaymentIntent \(intent?.id ?? "").",
        parameter: "charge")
    }
    return charge
  }

  /// What is to be given back: all that is left, unless the call says less.
  private static func amount(
    of charge: JSONObject, refunded: Int64, _ call: Call
  ) throws -> Int64 {
    let captured = charge.integer("amount_captured") ?? 0
    let left = captured - refunded
    guard left > 0 else {
      throw SandboxError.invalid(
        "Charge \(charge.id) has already been refunded.", code: "charge_already_refunded")
    }
    guard let amount = call.integer("amount") else { return left }
    try Call.checkRange(amount, 1...Int64.max, parameter: "amount")
    guard amount <= left else {
      let currency = charge.string("currency") ?? ""
      let bound = refunded == 0 ? "charge amount" : "unrefunded amount on charge"
      throw SandboxError.invalid(
        """
        Refund amount (\(PriceText.amount(Decimal(amount), currency: currency))) is greater than \
        \(bound) (\(PriceText.amount(Decimal(left), currency: currency)))
        """, parameter: "amount")
    }
    return amount
  }

  private static func made(_ amount: Int64, of charge: JSONObject, _ call: Call) -> JSONObject {
    [
      "id": .string(call.newID("re", length: 24)), "object": "refund",
      "amount": .integer(amount), "balance_transaction": .null, "charge": .string(charge.id),
      "created": .time(call.now), "currency": charge["currency"] ?? .null,
      "customer": charge["customer"] ?? .null, "customer_account": .null, "description": .null,
      "destination_details": [
        "card": [
          "reference": .null, "reference_status": "pending",
          "reference_type": "acquirer_reference_number", "type": "refund",
        ], "type": "card",
      ], "failure_balance_transaction": .null, "failure_reason": .null,
      "instructions_email": .null, "metadata": [:], "next_action": .null,
      "payment_intent": charge["payment_intent"] ?? .null,
      "payment_method": charge["payment_method"] ?? .null, "pending_reason": .null,
      "presentment_details": .null, "reason": .null, "receipt_number": .null,
      "source_transfer_reversal": .null, "status": "succeeded", "transfer_reversal": .null,
    ]
  }
}
