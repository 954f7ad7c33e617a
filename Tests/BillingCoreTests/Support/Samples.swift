import Basics
import BillingCore
import Stripe

/// The moment at which tests play: 2026-11-20T10:00:00Z.
let noon = Timestamp(1_795_168_800)

/// Stripe's objects with what a test cares about and defaults for the rest.
enum Sample {
  static func customer(
    _ id: String = "cus_1", email: String? = "one@example.com", metadata: JSONObject = [:]
  ) -> JSON {
    [
      "id": .string(id), "object": "customer", "balance": 0, "created": 1_795_000_000,
      "currency": .null, "delinquent": false, "description": .null, "email": JSON(email),
      "livemode": false, "metadata": .object(metadata), "name": "One",
    ]
  }

  static func price(
    _ id: String = "price_starter", product: String = "billing_starter", amount: Int64 = 1900,
    metered: Bool = false
  ) -> JSON {
    [
      "id": .string(id), "object": "price", "active": true, "currency": "usd",
      "created": 1_795_000_000, "livemode": false, "metadata": [:], "product": .string(product),
      "unit_amount": .integer(amount), "lookup_key": .null, "billing_scheme": "per_unit",
      "recurring": [
        "interval": "month", "interval_count": 1, "usage_type": metered ? "metered" : "licensed",
        "meter": .null,
      ],
    ]
  }

  static func subscription(
    _ id: String = "sub_1", customer: String = "cus_1", status: String = "active",
    price: JSON = Sample.price(), quantity: Int64 = 1, changing changes: JSONObject = [:]
  ) -> JSON {
    var object: JSONObject = [
      "id": .string(id), "object": "subscription", "customer": .string(customer),
      "status": .string(status), "created": 1_795_000_000, "currency": "usd",
      "cancel_at_period_end": false, "cancel_at": .null, "canceled_at": .null, "ended_at": .null,
      "livemode": false, "metadata": [:], "latest_invoice": .null, "trial_end": .null,
      "pause_collection": .null, "collection_method": "charge_automatically",
      "items": [
        "object": "list", "has_more": false,
        "data": [
          [
            "id": "si_1", "object": "subscription_item", "price": price,
            "quantity": .integer(quantity), "current_period_start": 1_795_000_000,
            "current_period_end": 1_797_592_000, "metadata": [:],
          ]
        ],
      ],
    ]
    for (key, value) in changes { object[key] = value }
    return .object(object)
  }

  static func invoice(
    _ id: String = "in_1", status: String = "open", paidAt: Int64? = nil
  ) -> JSON {
    [
      "id": .string(id), "object": "invoice", "customer": "cus_1", "status": .string(status),
      "currency": "usd", "subtotal": 4900, "total": 4900, "amount_due": 4900, "amount_paid": 4900,
      "amount_remaining": 0, "period_start": 1_795_000_000, "period_end": 1_795_000_000,
      "created": 1_795_000_000, "livemode": false, "metadata": [:],
      "status_transitions": ["paid_at": JSON(paidAt)],
    ]
  }
}

extension StripeMirror {
  /// A mirror that knows the products `billing_starter` and `billing_pro`.
  static let sample = StripeMirror(
    planOfPrice: { price in
      switch price.productID {
      case "billing_starter": "starter"
      case "billing_pro": "pro"
      default: nil
      }
    }, externalIDKeys: ["billing_external_id", "user_id"])
}
