import Basics

/// One column of a table: its title and how a row's JSON becomes its cell.
struct Column: Sendable {
  enum Alignment: Sendable { case left, right }

  /// What becomes of a column where a table is wider than the terminal.
  enum Fit: Sendable, Hashable {
    /// Stands as it is: what is copied is of no use in part.
    case whole
    /// A text, which is cut, but not below so many columns.
    case cut(downTo: Int)
    /// A moment, of which the day is enough.
    case day
  }

  let title: String
  let alignment: Alignment
  let fit: Fit
  /// Left out where there is no room: the highest goes first; 0 never goes.
  private(set) var leavesAs = 0
  let cell: @Sendable (JSON) -> Cell

  init(
    _ title: String, alignment: Alignment = .left, fit: Fit? = nil,
    cell: @escaping @Sendable (JSON) -> Cell
  ) {
    self.title = title
    self.alignment = alignment
    // Of a number a part says something else, so it is cut by the edge of the terminal alone.
    self.fit = fit ?? .cut(downTo: alignment == .left ? 8 : .max)
    self.cell = cell
  }

  /// The same column, left out of a table that is too wide; of several the highest goes first.
  func leaving(_ turn: Int) -> Column {
    var column = self
    column.leavesAs = turn
    return column
  }

  /// The value at a path of keys: `Column("PLAN", "plan")`, `Column("MAX", "limits", "max")`.
  /// Numbers stand right, so say `.right` for those.
  init(_ title: String, _ path: String..., alignment: Alignment = .left) {
    self.init(title, alignment: alignment) { Cell($0[path: path]) }
  }

  /// An id, which is never cut: it is there to be copied.
  static func id(_ title: String, _ key: String) -> Column {
    Column(title, fit: .whole) { Cell($0[key]) }
  }

  /// A text that is to be read in sentences: of that more stays than of a word.
  static func sentence(_ title: String, _ key: String) -> Column {
    Column(title, fit: .cut(downTo: 40)) { Cell($0[key]) }
  }

  /// An amount in the minor unit at one key with its currency at another.
  static func money(
    _ title: String, _ amount: String, currency: String = "currency"
  ) -> Column {
    Column(title, alignment: .right) { Cell(money: $0[amount], currency: $0[currency]) }
  }

  /// A moment; in tables the day and the minute say enough.
  static func time(_ title: String, _ key: String) -> Column {
    Column(title, fit: .day) { Cell(time: $0[key]) }
  }

  /// A state, coloured by what it means.
  static func status(_ title: String, _ key: String = "status") -> Column {
    Column(title) { Cell(status: $0[key]) }
  }
}

/// One line of a detail view: a name and a value.
struct Field: Sendable {
  let title: String
  let cell: Cell

  init(_ title: String, _ cell: Cell) {
    self.title = title
    self.cell = cell
  }

  init(_ title: String, _ value: String?) { self.init(title, Cell(JSON(value))) }
  init(_ title: String, _ value: JSON?) { self.init(title, Cell(value)) }
}

/// A text in a table and its colour.
struct Cell: Sendable, Hashable {
  let text: String
  var color: Color?

  init(_ text: String, _ color: Color? = nil) {
    self.text = text
    self.color = color
  }

  /// A value as a person reads it: absent is `-`, a list its elements.
  init(_ value: JSON?) {
    switch value {
    case nil, .null?: self.init("-")
    case .string(let text)?: self.init(text.isEmpty ? "-" : text)
    case .bool(let value)?: self.init(value ? "yes" : "no")
    case .integer(let value)?: self.init(String(value))
    case .decimal(let value)?: self.init("\(value)")
    case .array(let elements)?:
      let words = elements.map { Cell($0).text }
      self.init(words.isEmpty ? "-" : words.joined(separator: ", "))
    case .object(let object)?: self.init(JSON.object(object).compact)
    }
  }

  init(money amount: JSON?, currency: JSON?) {
    self.init(amount?.integer.map { MoneyText.of($0, currency?.string ?? "") } ?? "-")
  }

  /// `2026-11-20 10:00` of an ISO 8601 text or unix seconds, in UTC.
  init(time: JSON?) {
    let moment =
      time?.integer.map { Timestamp($0) } ?? time?.string.flatMap(Timestamp.init(parsing:))
    if let moment {
      self.init(moment.iso8601Date + " " + moment.iso8601.dropFirst(11).prefix(5))
    } else {
      self.init(time)
    }
  }

  init(status: JSON?) {
    self.init(status)
    switch text {
    case "active", "paid", "done", "ok", "processed", "succeeded", "open",
      "delivered":
      color = .green
    case "past_due", "incomplete", "warning", "pending", "unknown", "trialing", "paused", "draft":
      color = .yellow
    case "unpaid", "failed", "fault", "canceled", "incomplete_expired", "uncollectible", "void":
      color = .red
    default: break
    }
  }
}
