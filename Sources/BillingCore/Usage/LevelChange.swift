package import Basics

/// A change of how many of a level a customer holds: projects, seats, runs at the same time.
package struct LevelChange: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// So many are held from now on, and none on lease.
    case set
    case taken
    /// Taken, and given back by itself at a moment.
    case leased(until: Timestamp)
    /// Given back: what is on lease first, the lease first that would end first.
    case released

    var name: String {
      switch self {
      case .set: "set"
      case .taken: "taken"
      case .leased: "leased"
      case .released: "released"
      }
    }
  }

  package var customerID: String
  package var levelID: String
  package var kind: Kind
  package var units: Int64
  /// Who did it.
  package var actor: String
  package var at: Timestamp

  package init(
    customerID: String, levelID: String, kind: Kind, units: Int64, actor: String, at: Timestamp
  ) {
    self.customerID = customerID
    self.levelID = levelID
    self.kind = kind
    self.units = units
    self.actor = actor
    self.at = at
  }
}

/// More was to be given back than is held.
package struct NotHeld: Error, Sendable, Hashable {
  package let change: LevelChange
  package let held: Int64

  package init(change: LevelChange, held: Int64) { (self.change, self.held) = (change, held) }
}

/// More than can be counted was to be held.
package struct LevelOverflow: Error, Sendable, Hashable {
  package let change: LevelChange
}
