import BillingCore

extension UsageConflict: Explainable {
  var explanation: CommandError {
    .conflict(
      "idempotency_mismatch",
      "\(stored.id) is written down already, with another \(fields.joined(separator: ", "))",
      hint: "the same --id is the same event; take another one for another event")
  }
}

extension UsageOverflow: Explainable {
  var explanation: CommandError {
    .usage("with this the use of \(meterID) by \(customerID) would be more than can be counted")
  }
}

extension NotHeld: Explainable {
  var explanation: CommandError {
    .conflict(
      "invalid_state",
      "\(change.customerID) holds \(held) of \(change.levelID), so \(change.units) cannot be given back",
      hint: "billing usage set tells how many are held")
  }
}

extension LevelOverflow: Explainable {
  var explanation: CommandError {
    .usage(
      "with this \(change.customerID) would hold more of \(change.levelID) than can be counted")
  }
}

extension UnreadableUsage: Explainable {
  var explanation: CommandError {
    .usage(
      "\(name):\(line): \(VisibleText.of(reason))",
      hint: "billing usage import --help tells what a line has; what stood before is written down")
  }
}
