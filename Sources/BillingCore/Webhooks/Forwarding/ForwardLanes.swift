/// The order in which events are handed on: those of one customer one after another, those of
/// different ones beside each other. After one that was not taken, its customer's later ones wait.
struct ForwardLanes {
  struct Item: Sendable, Hashable {
    let eventID: String
    /// The customer, else the object, that its events are in order of.
    let lane: String
  }

  private var waiting: [String: [Item]] = [:]
  /// Lanes that have something to send and are not sending, in the order in which they got it.
  private var ready: [String] = []
  private var busy: Set<String> = []
  private var blocked: Set<String> = []
  /// How many are waiting in lanes that are not blocked.
  private(set) var count = 0

  mutating func add(_ item: Item) {
    guard !blocked.contains(item.lane) else { return }
    count += 1
    waiting[item.lane, default: []].append(item)
    if !busy.contains(item.lane), waiting[item.lane]?.count == 1 { ready.append(item.lane) }
  }

  /// What can be sent now; its lane is busy until it is finished.
  mutating func next() -> Item? {
    guard !ready.isEmpty else { return nil }
    let lane = ready.removeFirst()
    guard var items = waiting[lane], !items.isEmpty else { return nil }
    let item = items.removeFirst()
    waiting[lane] = items.isEmpty ? nil : items
    busy.insert(lane)
    count -= 1
    return item
  }

  mutating func finish(_ item: Item, isDelivered: Bool) {
    busy.remove(item.lane)
    if isDelivered {
      if waiting[item.lane] != nil { ready.append(item.lane) }
    } else {
      blocked.insert(item.lane)
      count -= waiting.removeValue(forKey: item.lane)?.count ?? 0
    }
  }
}
