/// How the program ends: one code for each class of outcome.
enum ExitCode: Int32, Sendable, CaseIterable {
  case done = 0
  case unexpected = 1
  case usage = 2
  case denied = 3
  case notFound = 4
  case conflict = 5
  case refused = 6
  case unreachable = 7
  case configuration = 8
  case signature = 9
  case partial = 10
  case outcomeUnknown = 11
  case interrupted = 130
  case terminated = 143

  var meaning: String {
    switch self {
    case .done: "done"
    case .unexpected: "unexpected failure: a bug, a broken disk"
    case .usage: "wrong usage, or not confirmed"
    case .denied: "the answer is no: gate closed, limit reached, key refused, balance too low"
    case .notFound: "no such thing: what was named and nobody knows"
    case .conflict: "conflict with the current state"
    case .refused: "Stripe refused"
    case .unreachable: "Stripe not reached, or asks to wait; nothing happened; run again"
    case .configuration: "configuration: key, mode, env file, plans file, database"
    case .signature: "a signature did not verify"
    case .partial: "part of a batch failed, or a check found differences"
    case .outcomeUnknown: "outcome unknown: a write may have happened; run billing recover"
    case .interrupted: "interrupted (SIGINT); what is done is kept"
    case .terminated: "terminated (SIGTERM); what is done is kept"
    }
  }
}
