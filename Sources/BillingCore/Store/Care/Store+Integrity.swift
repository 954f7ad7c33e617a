import GRDB

extension Store {
  /// What SQLite finds wrong with the file, at most twenty sentences: pages, indexes, the rules of
  /// columns. A file that cannot be read to the end throws `damaged`.
  ///
  /// - Parameter isQuick: leaves out whether the indexes agree with the tables.
  package func pageFaults(isQuick: Bool = false) throws -> [String] {
    try translatingErrors(path: path) {
      try queue.read { database in
        try String.fetchAll(
          database, sql: "PRAGMA \(isQuick ? "quick_check" : "integrity_check")(20)"
        ).filter { $0 != "ok" }
      }
    }
  }

  /// The rows that point at one that is not there, counted by the tables: `usage_events: 3`.
  package func brokenReferences() throws -> [String] {
    try translatingErrors(path: path) {
      let tables = try queue.read { database in
        try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map { $0[0] as String }
      }
      return Dictionary(tables.map { ($0, 1) }, uniquingKeysWith: +)
        .map { "\($0.key): \($0.value)" }.sorted()
    }
  }

  /// Where a table, an index or a trigger is not as this version makes it. What somebody has added
  /// does no harm.
  package func schemaFaults() throws -> [String] {
    let (wanted, found) = (try Self.inMemory(now: now).definitions(), try definitions())
    return wanted.keys.sorted().compactMap { name in
      guard wanted[name] != found[name] else { return nil }
      return found[name] == nil ? "\(name) is missing" : "\(name) is another one"
    }
  }

  private func definitions() throws -> [String: String] {
    try translatingErrors(path: path) {
      try queue.read { database in
        try Row.fetchAll(
          database,
          sql: """
            SELECT name, sql FROM sqlite_schema
            WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*'
            """
        ).reduce(into: [:]) { $0[$1[0]] = $1[1] }
      }
    }
  }
}
