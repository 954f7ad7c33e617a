/// What became of an event that was to be kept for later.
package enum EventReceipt: Sendable, Hashable {
  /// It is kept, and waits to be applied.
  case kept
  /// It was kept before, and what was left to be done with it is still to be done.
  case again
  /// Nothing is to be done for it.
  case settled(EventOutcome)
}
