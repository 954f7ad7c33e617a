import Testing

@testable import StripeSandbox

@Suite struct APIVersionTests {
  @Test(
    .tags(.unit),
    arguments: [
      ("2020-08-27", true), ("2024-06-20", true), ("2024-09-30.acacia", true),
      ("2024-11-20.acacia", true), ("2025-03-31.basil", true), ("2025-10-29.clover", true),
      ("2026-04-22.dahlia", true), ("2026-09-30.endive", true), ("2026-10-28.endive", true),
      ("2025-03-31.acacia", false), ("2024-11-20.endive", false), ("2024-06-20.acacia", false),
      ("2026-11-25.endive", false), ("2025-03-31", false), ("", false),
      ("2024-11-20.acacia ", false),
    ])
  func knowsTheReleasesByTheirDates(_ text: String, _ isKnown: Bool) {
    #expect((APIVersion(text) != nil) == isKnown)
  }

  @Test(.tags(.unit)) func areOrderedByDate() {
    let names = [
      "2020-08-27", "2024-06-20", "2024-09-30.acacia", "2025-03-31.basil", "2025-09-30.clover",
      "2026-03-25.dahlia", "2026-04-22.dahlia", "2026-09-30.endive", "2026-10-28.endive",
    ]
    let versions = names.compactMap { APIVersion($0) }
    #expect(versions.shuffled().sorted().map { $0.description } == names)
    #expect(versions.last == .current)
  }
}
