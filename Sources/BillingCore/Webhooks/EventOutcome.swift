/// What became of an event that came in.
package enum EventOutcome: Sendable, Hashable {
  /// It went through the door; with what became different.
  case processed([Transition])
  /// It is kept, and nothing here has to do with it.
  case ignored
  /// It had been here before.
  case duplicate
  /// It has the id of an event that said something else, in the field named; it is kept aside.
  case conflict(in: String)
  /// It could not be applied; it is kept with the reason, and can be run again.
  case failed(reason: String)
  /// It belongs to the other mode, live or test, and is not kept.
  case otherMode
}
