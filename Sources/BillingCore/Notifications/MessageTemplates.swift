import Basics
private import Foundation

/// The words of messages: those that are built in, and over them those of a folder.
///
/// The folder that plans.yaml names has one for each language, with files named after the kinds:
/// `payment_failed.txt` begins with `Subject: …` and an empty line; `payment_failed.html`, where it
/// is there, is the whole page, which else is made of the text.
package struct MessageTemplates: Sendable {
  struct Entry: Sendable {
    var subject: MessageTemplate
    var text: MessageTemplate
    /// A page of its own.
    var page: MessageTemplate?
    /// In which its money and dates are written.
    var language: String
  }

  private var entries: [Notification.Kind: Entry] = [:]

  /// A larger file is a mistake.
  private static let maximumBytes = 256 << 10

  /// Those that are built in, in English.
  package init() {
    for kind in Notification.Kind.allCases {
      let log = MistakeLog(file: kind.rawValue)
      entries[kind] = Self.entry(
        BuiltInTemplates.text(of: kind), kind, language: "en", log: log)
      precondition(log.mistakes.isEmpty, "\(log.mistakes.map { $0.description })")
    }
  }

  /// Reads those of a folder over them. Throws all of their mistakes at once.
  ///
  /// - Parameter name: the folder as it is called in mistakes.
  package init(folder: String, shownAs name: String, language: String) throws(CatalogueError) {
    self.init()
    let place = "\(folder)/\(language)"
    let shown = "\(name)/\(language)"
    guard let files = try? FileManager.default.contentsOfDirectory(atPath: place).sorted() else {
      throw .invalid([
        CatalogueMistake(
          file: shown, line: 1, column: 1,
          message: "there is no such folder, which `templates` and `language` ask for")
      ])
    }
    var mistakes: [CatalogueMistake] = []
    for file in files where file.hasSuffix(".txt") || file.hasSuffix(".html") {
      let log = MistakeLog(file: "\(shown)/\(file)")
      read(file, in: place, language: language, log: log)
      mistakes += log.sorted
    }
    guard mistakes.isEmpty else { throw .invalid(mistakes) }
  }

  func entry(_ kind: Notification.Kind) -> Entry {
    guard let entry = entries[kind] else { preconditionFailure("every kind has its words") }
    return entry
  }

  private mutating func read(
    _ file: String, in folder: String, language: String, log: MistakeLog
  ) {
    let start = TextMark(line: 1, column: 1)
    let name = String(file.prefix { $0 != "." })
    let names = Notification.Kind.allCases.map { $0.rawValue }
    guard let kind = Notification.Kind(rawValue: name) else {
      let hint = NearestName.of(name, among: names).map { "; did you mean \($0)?" } ?? ""
      return log.add(start, "there is no message called \(YAMLNode.shown(name))\(hint)")
    }
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(file)"),
      data.count <= Self.maximumBytes, let text = String(validating: data, as: UTF8.self)
    else {
      return log.add(
        start, "it is no text in UTF-8 of at most \(Self.maximumBytes) bytes that can be read")
    }
    if file.hasSuffix(".html") {
      entries[kind]?.page = MessageTemplate(text, names: MessageFacts.names(of: kind), log: log)
      entries[kind]?.language = language
    } else if var entry = Self.entry(text, kind, language: language, log: log) {
      entry.page = entries[kind]?.page
      entries[kind] = entry
    }
  }

  private static func entry(
    _ text: String, _ kind: Notification.Kind, language: String, log: MistakeLog
  ) -> Entry? {
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    guard let first = lines.first, first.hasPrefix("Subject: "),
      lines.count < 2 || lines[1].isEmpty
    else {
      log.add(
        TextMark(line: 1, column: 1), "it must begin with `Subject: …` and an empty line")
      return nil
    }
    let names = MessageFacts.names(of: kind)
    let prefix = "Subject: ".count
    let subject = MessageTemplate(
      first.dropFirst(prefix), at: TextMark(line: 1, column: 1 + prefix), names: names, log: log)
    let text = MessageTemplate(
      lines.dropFirst(2).joined(separator: "\n"), at: TextMark(line: 3, column: 1), names: names,
      log: log)
    return Entry(subject: subject, text: text, page: nil, language: language)
  }
}
