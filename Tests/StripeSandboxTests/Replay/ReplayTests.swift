import Basics
import Foundation
import Testing

@testable import StripeSandbox

/// The sandbox answers as the real Stripe did.
@Suite struct ReplayTests {
  /// What still differs, by its reason. The file has a line for each; lines that begin with `#` are
  /// the reasons of those below.
  private static func known() throws -> [(difference: String, reason: String)] {
    var reason = ""
    var known: [(difference: String, reason: String)] = []
    let text = try String(contentsOf: Recording.differences, encoding: .utf8)
    for line in text.split(separator: "\n").map(String.init) {
      if line.hasPrefix("# ") {
        reason = String(line.dropFirst(2))
      } else {
        known.append((line, reason))
      }
    }
    return known
  }

  @Test(.tags(.integration)) func differsOnlyWhereItIsKnown() throws {
    var found: Set<String> = []
    for story in Recording.stories { found.formUnion(try Replay(story).differences) }
    let known = try Self.known()
    #expect(Recording.stories.count == 65)
    #expect(known.filter { $0.reason.isEmpty }.map { $0.difference } == [], "have no reason")
    let listed = Set(known.map { $0.difference })
    #expect(found.subtracting(listed).sorted() == [], "new differences")
    #expect(listed.subtracting(found).sorted() == [], "no longer differ: take them off the list")
  }
}
