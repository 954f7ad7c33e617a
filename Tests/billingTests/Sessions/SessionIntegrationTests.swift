import Foundation
import Testing

@testable import billing

/// Every session prints what it printed. `RECORD=1` rewrites those that differ.
@Suite(.tags(.integration)) struct SessionIntegrationTests {
  private static let sessions: [String] = {
    let folder = Repository.root + "/fixtures/sessions"
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".txt") }.sorted().map { folder + "/" + $0 }
  }()

  @Test(arguments: sessions) func printsWhatItPrinted(_ path: String) async throws {
    let session = try Session(path: path)
    let text = try await session.replay()
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      if text != session.text { try text.write(toFile: path, atomically: true, encoding: .utf8) }
    } else {
      #expect(text == session.text)
    }
  }
}
