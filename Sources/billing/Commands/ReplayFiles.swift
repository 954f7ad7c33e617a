import BillingCore
private import Foundation

/// The files of events that the words of a command line mean.
struct ReplayFiles {
  let files: [EventFile]
  /// How many bytes they have together; nil where that is not known beforehand.
  let length: Int64?

  private static let endings = [".json", ".jsonl"]

  /// A folder means the files of events in it and in the folders below, by their names in order; `-`
  /// is standard input. A file that is named is read whatever its name ends in.
  init(_ words: [String], _ context: Context) throws {
    var (files, length): ([EventFile], Int64?) = ([], 0)
    for word in words {
      if word == "-" {
        try context.inputClaim.take(for: "webhook replay -")
        let input = InputBytes(
          input: context.world.input, interruption: context.world.interruption)
        files.append(EventFile(name: "standard input", isStream: true) { input })
        length = nil
        continue
      }
      let path = context.resolve(word)
      guard Files.exists(path) else { throw FileError(path: word, errno: ENOENT) }
      let isFolder = Files.isDirectory(path)
      for name in isFolder ? try Self.names(in: path, called: word, context) : [word] {
        let path = context.resolve(name)
        // A pipe cannot be opened again, and what was read of it does not come back.
        let size = Files.length(of: path)
        length = size.flatMap { size in length.map { $0 + size } }
        files.append(
          EventFile(name: name, isStream: size == nil) { try FileBytes(path: path, name: name) })
      }
    }
    self.files = files
    self.length = length
  }

  private static func names(
    in folder: String, called word: String, _ context: Context
  ) throws -> [String] {
    let prefix = word.hasSuffix("/") ? word : word + "/"
    let all = (FileManager.default.enumerator(atPath: folder)?.allObjects ?? [])
      .compactMap { $0 as? String }.filter { !Files.isDirectory("\(folder)/\($0)") }.sorted()
    let wanted = all.filter { name in
      endings.contains { name.hasSuffix($0) } && Files.length(of: "\(folder)/\(name)") != nil
    }
    if wanted.count < all.count {
      let others = all.count - wanted.count
      context.note(
        "\(word): passed over \(others) \(others == 1 ? "name that is" : "names that are") "
          + "no .json or .jsonl file")
    }
    guard !wanted.isEmpty else {
      throw CommandError.notFound("\(word): no .json or .jsonl file is in it")
    }
    return wanted.map { prefix + $0 }
  }
}
