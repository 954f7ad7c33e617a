import Basics

/// What a command returns: the data, and how a person wants to see it. One place renders it.
protocol Report: Sendable {
  var data: ReportData { get }
  var human: HumanForm { get }
  var outcome: Outcome { get }
  /// What CSV has instead of a single row, where the object is one of rows; nil where it is not.
  var csvRows: Rows? { get }
}

extension Report {
  var outcome: Outcome { .done }
  var csvRows: Rows? { nil }
}

/// One of several reports, whichever the command was asked for.
protocol ReportChoice: Report {
  var report: any Report { get }
}

extension ReportChoice {
  var data: ReportData { report.data }
  var human: HumanForm { report.human }
  var outcome: Outcome { report.outcome }
  var csvRows: Rows? { report.csvRows }
}

/// The data of a report. Foundation's encoder keeps neither the order of keys nor nulls, and both
/// are part of what is promised, so reports give `JSON`.
enum ReportData: Sendable {
  case object(JSONObject)
  /// A list: `{"data":[…],"has_more":…}`, one object a line, or one row each.
  case list(Rows)
  /// The command shows a text and has no data (`help`, `completion`).
  case none
}

/// The objects of a list. All have the same keys.
struct Rows: Sendable {
  enum Source: Sendable {
    case array([JSON])
    /// Rows that come one by one, so that a long list needs no memory in `jsonl` and `json`.
    case stream(AsyncThrowingStream<JSON, any Error>)
    /// Rows that come about while they are shown, each handed over when it is there.
    case work(@Sendable (_ show: (JSON) throws -> Void) async throws -> Void)
  }

  var source: Source
  var hasMore = false
  /// The header of CSV; nil takes the keys of the first row.
  var keys: [String]?
}

/// How a person sees a report.
enum HumanForm: Sendable {
  /// One line a row, in columns; the sentence is for none.
  case table([Column], empty: String)
  /// Rows of their own in columns, never cut: for what must be read to the end.
  case rows([Column], [JSON])
  /// One line a field: name and value.
  case details([Field])
  /// Lines as they are, from us alone: text from outside must have gone through `VisibleText`.
  case text(String)
  /// Several of them, with an empty line between.
  case sections([HumanForm])
}

/// How a command ended that has something to show.
enum Outcome: Sendable, Hashable {
  case done
  /// The answer is in the data; nothing on standard error (exit 3).
  case quiet(ExitCode)
  /// The data is shown, and then the error (part of a batch failed, drift).
  case failed(CommandError)
}

// MARK: The usual ones

/// One thing.
struct ObjectReport: Report {
  var object: JSONObject
  var fields: [Field]
  /// A sentence under the fields: what was done, what comes next.
  var closing: String?
  var outcome = Outcome.done

  var data: ReportData { .object(object) }
  var human: HumanForm {
    guard let closing else { return .details(fields) }
    return .sections([.details(fields), .text(VisibleText.of(closing))])
  }
}

/// A list of things.
struct ListReport: Report {
  var rows: Rows
  var columns: [Column]
  var empty: String
  var outcome = Outcome.done

  init(
    _ rows: [JSON], hasMore: Bool = false, keys: [String]? = nil, columns: [Column],
    empty: String, outcome: Outcome = .done
  ) {
    self.rows = Rows(source: .array(rows), hasMore: hasMore, keys: keys)
    self.columns = columns
    self.empty = empty
    self.outcome = outcome
  }

  init(
    stream: AsyncThrowingStream<JSON, any Error>, keys: [String], columns: [Column], empty: String
  ) {
    rows = Rows(source: .stream(stream), keys: keys)
    self.columns = columns
    self.empty = empty
  }

  var data: ReportData { .list(rows) }
  var human: HumanForm { .table(columns, empty: empty) }
}

/// A text of ours, and what scripts read instead of it.
struct TextReport: Report {
  var text: String
  var data = ReportData.none
  var outcome = Outcome.done

  var human: HumanForm { .text(text) }
}
