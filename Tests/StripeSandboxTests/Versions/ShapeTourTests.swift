import Basics
import Testing

@testable import StripeSandbox

/// All operations that the sandbox offers answer in the shapes that the SDK of a version declares.
@Suite struct ShapeTourTests {
  @Test(.tags(.unit), arguments: [APIVersion.current, APIVersion("2024-11-20.acacia")])
  func answersHaveTheDeclaredShapes(_ version: APIVersion?) throws {
    let version = try #require(version)
    let tour = try Tour(version: version)
    for walk in Tour.walks { tour.walk(walk) }
    try tour.checkEvents()
    let offered = Resources.registry.operations.filter { operation in
      operation.path.hasPrefix("/v1/") && operation.isOffered(in: version)
    }
    let missed = offered.map { $0.name }.filter { !tour.visited.contains($0) }
    #expect(missed.sorted() == [], "in no walk of Tour: \(version)")
  }
}
