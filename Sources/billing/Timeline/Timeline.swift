import Basics
import BillingCore
import Stripe

/// What happened to a customer, in one order: each thing once, though an operation, its answer and
/// several events may tell of it.
struct Timeline {
  private let past: CustomerPast

  init(_ past: CustomerPast) { self.past = past }

  /// Oldest first; within a second what an operation brought about stands after it.
  var entries: [TimelineEntry] {
    let all = operations + events + invoices + refunds + changes + tokens + notes
    let ranks = Dictionary(
      uniqueKeysWithValues: TimelineEntry.Kind.allCases.enumerated().map { ($1, $0) })
    let turns = Dictionary(
      uniqueKeysWithValues: past.operations.enumerated().map { ($1.id, $0) })
    let turn = { (entry: TimelineEntry) in entry.cause.flatMap { turns[$0] } ?? turns.count }
    return all.enumerated().sorted { left, right in
      let (first, second) = (left.element, right.element)
      if first.at != second.at { return first.at < second.at }
      if turn(first) != turn(second) { return turn(first) < turn(second) }
      if first.kind != second.kind { return ranks[first.kind] ?? 0 < ranks[second.kind] ?? 0 }
      return left.offset < right.offset
    }.map { $0.element }
  }

  private var operations: [TimelineEntry] {
    past.operations.map { operation in
      TimelineEntry(
        at: operation.created, kind: .operation, summary: OperationWords.of(operation),
        objectID: operation.objectID, cause: operation.id, actor: operation.actor)
    }
  }

  // MARK: What events tell

  private var events: [TimelineEntry] {
    let told = Set(past.changes.compactMap { $0.cause })
    let refunded = Set(past.refunds.compactMap { $0.object["charge"]?.string })
    return past.events.compactMap { event in
      let operation = past.operation(behind: event)
      let cause = operation?.id ?? event.id
      // What a change says already is not said twice.
      if event.type.hasPrefix("customer.subscription."), !EventWords.isNotice(event),
        told.contains(cause) || told.contains(event.id)
      {
        return nil
      }
      if event.type == "charge.refunded", refunded.contains(event.object["id"]?.string ?? "") {
        return nil
      }
      guard let (kind, summary) = EventWords.of(event) else { return nil }
      return TimelineEntry(
        at: event.created, kind: kind, summary: summary, objectID: event.object["id"]?.string,
        cause: cause, actor: actor(of: cause))
    }
  }

  // MARK: What the mirror knows

  /// Bills of which no event has come: read, or the answer to a call.
  private var invoices: [TimelineEntry] {
    let finalized = invoiceIDs(ofEvents: "invoice.finalized")
    let paid = invoiceIDs(ofEvents: "invoice.paid")
    return past.invoices.flatMap { told -> [TimelineEntry] in
      guard let invoice = try? Invoice(told.object), invoice.status != "draft" else { return [] }
      var entries: [TimelineEntry] = []
      let entry = { (at: Timestamp, summary: String) in
        TimelineEntry(
          at: at, kind: .invoice, summary: summary, objectID: invoice.id, cause: told.cause,
          actor: actor(of: told.cause))
      }
      if !finalized.contains(invoice.id) {
        entries.append(entry(invoice.created, EventWords.bill(told.object)))
      }
      if let at = invoice.paidAt, !paid.contains(invoice.id) {
        entries.append(entry(at, EventWords.paidBill(told.object)))
      }
      return entries
    }
  }

  private func invoiceIDs(ofEvents type: String) -> Set<String> {
    Set(past.events.filter { $0.type == type }.compactMap { $0.object["id"]?.string })
  }

  private var refunds: [TimelineEntry] {
    past.refunds.compactMap { told in
      guard let refund = try? Stripe.Refund(told.object) else { return nil }
      let number = past.invoices.first {
        $0.object["id"]?.string == refund.metadata[RefundPlanning.invoiceMetadataKey]
      }?.object["number"]?.string
      // An event may have told of it after the answer; who asked stands in the refund itself.
      let operation = refund.metadata[OperationStep.operationMetadataKey] ?? told.cause
      return TimelineEntry(
        at: refund.created, kind: .refund, summary: EventWords.refund(refund, ofBill: number),
        objectID: refund.id, cause: operation, actor: actor(of: operation))
    }
  }

  private var changes: [TimelineEntry] {
    past.changes.map { change in
      let cause = operationID(behind: change.cause) ?? change.cause
      return TimelineEntry(
        at: change.at, kind: .change, summary: ChangeWords.of(change),
        objectID: change.subscriptionID, cause: cause, actor: actor(of: cause))
    }
  }

  /// What the customer was granted of its own, and what of that was taken back.
  private var notes: [TimelineEntry] {
    past.grants.map { grant in
      let note = grant.note.map { " (\($0))" } ?? ""
      let end = grant.until.map { " until \($0.iso8601Date)" } ?? ""
      let summary =
        grant.value.map { "granted \(grant.featureID) \(Cell($0).text)\(end)\(note)" }
        ?? "took back the grant of \(grant.featureID)\(note)"
      return TimelineEntry(
        at: grant.created, kind: .note, summary: summary, objectID: nil, cause: nil,
        actor: grant.actor)
    }
  }

  private var tokens: [TimelineEntry] {
    past.tokens.map { entry in
      let note = entry.note.map { " (\($0))" } ?? ""
      let verb =
        switch entry.kind {
        case .refunded where entry.amount > 0: "given back"
        case .refunded: "taken back"
        case .purchased: "bought"
        case .granted, .consumed, .expired: entry.kind.rawValue
        }
      let amount = TokenView.words(entry.amount < 0 ? -entry.amount : entry.amount)
      return TimelineEntry(
        at: entry.created, kind: .tokens, summary: "\(amount) \(verb)\(note)",
        objectID: entry.reference, cause: nil, actor: entry.actor)
    }
  }

  // MARK: Who

  /// Of an event that an operation of ours made happen, the operation.
  private func operationID(behind cause: String?) -> String? {
    past.events.first { $0.id == cause }.flatMap { past.operation(behind: $0)?.id }
  }

  private func actor(of cause: String?) -> String? {
    if let operation = past.operations.first(where: { $0.id == cause }) { return operation.actor }
    guard let event = past.events.first(where: { $0.id == cause }) else { return nil }
    return event.requestID == nil ? "stripe" : "api"
  }
}
