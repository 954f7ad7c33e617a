/// One mistake in a catalogue, and where it stands.
package struct CatalogueMistake: Sendable, Hashable {
  package let file: String
  /// From 1.
  package let line: Int
  /// From 1, counted in characters.
  package let column: Int
  package let message: String

  package init(file: String, line: Int, column: Int, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }
}

extension CatalogueMistake: CustomStringConvertible {
  /// As compilers write it, so that editors can jump to it: `plans.yaml:3:5: unknown key …`.
  package var description: String { "\(file):\(line):\(column): \(message)" }
}

/// Why there is no catalogue.
package enum CatalogueError: Error, Sendable, Hashable {
  /// Every mistake that was found, in the order of the file.
  case invalid([CatalogueMistake])
  case missing(path: String)
  case unreadable(path: String, detail: String)
}
