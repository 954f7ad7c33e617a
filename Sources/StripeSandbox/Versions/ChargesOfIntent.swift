import Basics

/// 2022-11-15: an intent names its latest charge, and a charge shows its refunds where they are
/// asked for; before, an intent held all its charges, and each its refunds.
enum ChargesOfIntent {
  static let change = VersionChange(
    since: .chargesOnDemand,
    objects: [
      "payment_intent": { intent, call in
        let charges = try call.all("charge", where: ["payment_intent": .string(intent.id)])
        intent["charges"] = .list(charges, url: "/v1/charges?payment_intent=\(intent.id)")
      },
      "charge": { charge, _ in
        charge["refunds"] = .list([], url: "/v1/charges/\(charge.id)/refunds")
      },
    ],
    expandable: [
      "payment_intent": ["charges": .embedded("charge")],
      "charge": ["refunds": .embedded("refund")],
    ],
    added: ["payment_intent": ["latest_charge"]])
}
