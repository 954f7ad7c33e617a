import Basics
import Stripe

// MARK: The change as a schedule of two phases

extension PlanChange {
  /// A schedule of one phase, the period that runs. Stripe takes nothing else beside the
  /// subscription here.
  func scheduleStep(index: Int) -> OperationStep {
    OperationStep(
      .post, ["subscription_schedules"], ["from_subscription": .string(subscription.id)],
      check: .named(list: ["subscription_schedules"], by: path, member: "schedule"),
      undo: .init(
        .post, ["subscription_schedules", OperationStep.result(of: index), "release"]))
  }

  /// The period that runs as it is, then the new items. The second phase lasts a day: long enough
  /// to begin, and the subscription soon goes on without a schedule.
  func phasesStep(schedule index: Int) -> OperationStep {
    let end = subscription.currentPeriodEnd ?? subscription.created
    var current: JSONObject = [
      "items": .array(([items.licensed] + items.metered + items.others).map { phaseItem($0) }),
      "start_date": .integer((subscription.currentPeriodStart ?? subscription.created).seconds),
      "end_date": .integer(end.seconds), "proration_behavior": "none",
    ]
    if subscription.status == .trialing {
      current["trial_end"] = subscription.trialEnd.map { .integer($0.seconds) }
    }
    var later: JSONObject = [
      "items": .array(laterItems), "end_date": .integer(end.seconds + 86_400),
      "proration_behavior": "none",
      "metadata": [Catalogue.planMetadataKey: .string(request.planID)],
    ]
    // A phase without discounts or tax rates takes away those that are there.
    let discounts = Self.references(subscription.discounts.compactMap { $0.id })
    (current["discounts"], later["discounts"]) = (discounts, discounts)
    let rates = Self.texts(subscription.defaultTaxRateIDs)
    (current["default_tax_rates"], later["default_tax_rates"]) = (rates, rates)
    let schedule: [JSON] = ["subscription_schedules", OperationStep.result(of: index)]
    var phase = heldItems("items") { .string($0) }
    phase["start_date"] = .integer(end.seconds)
    return OperationStep(
      .post, schedule,
      [
        "end_behavior": "release", "proration_behavior": "none",
        "phases": [.object(current), .object(later)],
      ],
      check: .holds(object: schedule, values: ["phases": [.object(phase)]]))
  }

  /// The items afterwards, as a phase of a schedule names them.
  private var laterItems: [JSON] {
    let removedIDs = Set(removed.map { $0.id })
    let kept = (items.metered + items.others).filter { !removedIDs.contains($0.id) }
    return [phaseItem(items.licensed, price: priceID, quantity: quantity)]
      + kept.map { phaseItem($0) } + addedPriceIDs.map { ["price": .string($0)] }
  }

  private func phaseItem(_ item: SubscriptionItem) -> JSON {
    phaseItem(item, price: item.price.id, quantity: item.isMetered ? nil : item.quantity)
  }

  /// With the taxes and discounts of its own that the item has.
  private func phaseItem(_ item: SubscriptionItem, price: String, quantity: Int64?) -> JSON {
    var entry: JSONObject = ["price": .string(price)]
    entry["quantity"] = quantity.map(JSON.integer)
    entry["tax_rates"] = Self.texts(item.taxRateIDs)
    entry["discounts"] = Self.references(item.discountIDs)
    return .object(entry)
  }

  private static func texts(_ ids: [String]) -> JSON? {
    ids.isEmpty ? nil : .array(ids.map(JSON.string))
  }

  private static func references(_ discountIDs: [String]) -> JSON? {
    discountIDs.isEmpty ? nil : .array(discountIDs.map { ["discount": .string($0)] })
  }
}
