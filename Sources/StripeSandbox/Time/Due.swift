import Basics

/// What falls due of the objects of a type: a renewal, a retry, an end.
///
/// Whenever an object is stored its next moment is noted beside it; when a clock passes that moment,
/// `run` is called with the clock standing at it. It must leave the object with another moment, or
/// with none.
struct Due: Sendable {
  /// The order of what falls due at the same moment; within a turn, older objects come first.
  enum Turn: Int, Sendable { case schedule, subscription, invoice, rest }

  let turn: Turn
  /// The next moment at which something is to be done; nil for never.
  let moment: @Sendable (JSONObject) -> Timestamp?
  /// Does what is due at `call.now`.
  let run: @Sendable (Call, JSONObject) throws -> Void

  init(
    _ turn: Turn = .rest, moment: @escaping @Sendable (JSONObject) -> Timestamp?,
    run: @escaping @Sendable (Call, JSONObject) throws -> Void
  ) {
    self.turn = turn
    self.moment = moment
    self.run = run
  }
}

/// An object whose moment has come.
struct DueObject {
  let sequence: Int64
  let moment: Timestamp
  let object: JSONObject
}
