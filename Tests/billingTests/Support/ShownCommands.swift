import Foundation

/// The commands that a text shows: the words after the tool's name, without what a shell does with
/// them and without the remark.
enum ShownCommands {
  static func `in`(_ lines: [String], after name: String) -> [String] {
    lines.filter { $0.hasPrefix(name) }.map { line in
      let ends = [" #", " | ", " < ", " > "].compactMap { line.range(of: $0)?.lowerBound }
      return line[..<(ends.min() ?? line.endIndex)].dropFirst(name.count)
        .trimmingCharacters(in: .whitespaces)
    }
  }
}
