import Basics

/// How far one list was read: what a run that was stopped leaves to the next.
struct SyncPlace: Sendable, Hashable {
  enum Position: Sendable, Hashable {
    case done
    /// All up to this object are taken.
    case after(String)
  }

  static let prefix = "full sync "
  /// Beside the places it is kept when the reading began.
  static let start = "full sync"

  /// The list's name.
  let name: String
  let position: Position

  init(_ name: String, _ position: Position) {
    (self.name, self.position) = (name, position)
  }

  /// Nil for what is no position.
  init?(_ name: String, text: String) {
    if text == "done" {
      self.init(name, .done)
    } else if text.hasPrefix("after ") {
      self.init(name, .after(String(text.dropFirst("after ".count))))
    } else {
      return nil
    }
  }

  var text: String {
    switch position {
    case .done: "done"
    case .after(let id): "after \(id)"
    }
  }
}

extension Transaction {
  func setPlace(_ place: SyncPlace) throws {
    try setCursor(SyncPlace.prefix + place.name, to: place.text)
  }

  /// By the names of the lists.
  func syncPlaces() throws -> [String: SyncPlace.Position] {
    try cursors(startingWith: SyncPlace.prefix).reduce(into: [:]) { places, cursor in
      places[cursor.key] = SyncPlace(cursor.key, text: cursor.value)?.position
    }
  }
}
