import BillingCore
import Foundation
import Testing

@testable import billing

@Suite(.tags(.unit)) struct CatalogueWatchTests {
  private let world: TestWorld
  private let errors = MemoryOutput()

  init() throws { world = try TestWorld() }

  private func watch() throws -> CatalogueWatch {
    try CatalogueWatch(world.context(errors: errors))
  }

  /// The key under which the catalogue has customers' own ids: what can be seen of it from outside.
  private func plans(key: String) -> String {
    """
    version: 1
    namespace: billing
    currency: usd
    default_plan: free
    external_id_metadata: [\(key)]
    plans:
      - { id: free, name: Free, rank: 0 }

    """
  }

  @Test func aChangedFileIsReadAnew() throws {
    try world.write(plans(key: "first"), to: "plans.yaml")
    let watch = try watch()
    #expect(watch.mirror().externalID(in: ["first": "1", "number_two": "2"]) == "1")
    try world.write(plans(key: "number_two"), to: "plans.yaml")
    #expect(watch.mirror().externalID(in: ["first": "1", "number_two": "2"]) == "2")
    #expect(errors.text == "note: plans.yaml has changed and was read anew\n")
  }

  @Test func aBadOneChangesNothingAndIsSaidOnce() throws {
    try world.write(plans(key: "first"), to: "plans.yaml")
    let watch = try watch()
    try world.write("plans: 9\n", to: "plans.yaml")
    for _ in 1...2 { #expect(watch.mirror().externalID(in: ["first": "1"]) == "1") }
    #expect(errors.text.hasPrefix("warning: "))
    #expect(errors.text.hasSuffix("; the plans as they were read before go on\n"))
    #expect(errors.text.split(separator: "\n").count == 1)
  }

  @Test func oneThatAppearsLaterIsRead() throws {
    let watch = try watch()
    #expect(watch.mirror().externalID(in: ["first": "1"]) == nil)
    try world.write(plans(key: "first"), to: "plans.yaml")
    #expect(watch.mirror().externalID(in: ["first": "1"]) == "1")
  }
}
