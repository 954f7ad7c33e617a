import Basics

/// Which of several events of one object and one second came last: Stripe's clock does not say.
///
/// The answer depends on which events there are and not on which came in first, so that every order
/// of arrival ends in the same state.
enum SameSecond {
  /// What one event says.
  struct Telling: Sendable {
    let eventID: String
    /// The object, as the mirror keeps it.
    let json: JSON
    let previous: JSON?
  }

  /// An end has nothing after it. Else what another event says was there before came before that
  /// event; where this leaves several, the state that is further on came last, then the greater id.
  ///
  /// - Returns: the telling's index, and whether it was a guess.
  static func last(of tellings: [Telling]) -> (index: Int, isGuess: Bool) {
    let all = Array(tellings.indices)
    let ended = all.filter { Freshness.isTerminal(tellings[$0].json) }
    let open = all.filter { one in
      !all.contains {
        follows(tellings[$0], tellings[one]) && !follows(tellings[one], tellings[$0])
      }
    }
    let candidates = !ended.isEmpty ? ended : !open.isEmpty ? open : all
    let rank = { (index: Int) in
      (Freshness.precedence(tellings[index].json), tellings[index].eventID)
    }
    guard let last = candidates.max(by: { rank($0) < rank($1) }) else { return (0, false) }
    let isUnsteady = goesBackAndForth(tellings[last].json)
    let isGuess = candidates.contains { rival in
      rival != last && (isUnsteady || rank(rival).0 == rank(last).0)
        && tellings[rival].json != tellings[last].json
    }
    return (last, isGuess)
  }

  private static func follows(_ later: Telling, _ earlier: Telling) -> Bool {
    guard let previous = later.previous, Freshness.matches(previous, earlier.json) else {
      return false
    }
    return later.json != earlier.json
  }

  /// The life of all else has one direction.
  private static func goesBackAndForth(_ json: JSON) -> Bool {
    json["object"] == "subscription" && !Freshness.isTerminal(json)
  }
}

extension SameSecond.Telling {
  init(_ snapshot: Snapshot, json: JSON) {
    self.json = json
    guard case .event(let id, let previous) = snapshot.origin else {
      (eventID, self.previous) = ("", nil)
      return
    }
    (eventID, self.previous) = (id, previous)
  }
}
