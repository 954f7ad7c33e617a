import Basics

/// Files of usage as they may come: the same for the same seed.
struct RandomUsage {
  struct Line {
    var id: String
    var customer: String
    var meter: String
    var quantity: Int64
    var at: Timestamp?
    var key: String?

    var json: JSON {
      [
        "id": .string(id), "customer": .string(customer), "meter": .string(meter),
        "quantity": .integer(quantity), "timestamp": JSON(at?.seconds), "key_id": JSON(key),
      ]
    }
  }

  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A few days of use, mostly in order; every fourth file in none, every fifth with huge numbers.
  mutating func lines(_ count: Int) -> [Line] {
    let (hasNoOrder, hasHugeNumbers) = (below(4) == 0, below(5) == 0)
    var (lines, moment) = ([Line](), noon - 3 * 86_400)
    while lines.count < count {
      moment = moment + Int64(below(2) == 0 ? 0 : below(5_000))
      lines.append(
        below(6) == 0 && !lines.isEmpty ? repeated(lines[below(lines.count)]) : line(at: moment))
      if hasHugeNumbers, below(10) == 0 { lines[lines.count - 1].quantity = .max / 3 }
    }
    if hasNoOrder {
      for index in lines.indices { lines.swapAt(index, below(lines.count)) }
    }
    return lines
  }

  private mutating func line(at moment: Timestamp) -> Line {
    Line(
      id: "\(["event_of_", ""][below(2)])\(below(1_000))",
      customer: below(40) == 0 ? "cus_9" : ["cus_1", "one@example.com", "u2"][below(3)],
      meter: below(40) == 0 ? "calls" : ["ai", "seats"][below(2)], quantity: Int64(below(9)),
      at: below(10) == 0 ? nil : below(40) == 0 ? noon - 40 * 86_400 : min(moment, noon),
      key: below(5) == 0 ? "key_\(below(3))" : nil)
  }

  /// The line again: half of them as it was, the others with one field changed.
  private mutating func repeated(_ line: Line) -> Line {
    var line = line
    switch below(10) {
    case 0: line.quantity += 1
    case 1: line.customer = line.customer == "u2" ? "cus_1" : "u2"
    case 2: line.meter = line.meter == "ai" ? "seats" : "ai"
    case 3: line.at = line.at.map { $0 - 1 }
    case 4: line.key = "key_other"
    default: break
    }
    return line
  }

  /// SplitMix64 (https://prng.di.unimi.it/splitmix64.c).
  private mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}
