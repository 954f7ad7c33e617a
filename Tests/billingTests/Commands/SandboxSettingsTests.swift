import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct SandboxSettingsTests {
  @Test(arguments: ["3,x", "", "0", "1,2,3,4,5,6,7,8,9", "3,,5"])
  func daysThatAreWrong(_ days: String) {
    #expect(
      Words.mistake("sandbox settings --retry-days '\(days)'")
        == "--retry-days must be up to 8 numbers of days (3,5,7), not '\(days)'; "
        + "see billing sandbox settings --help")
  }

  @Test func areKept() async throws {
    let shop = try await Shop(seeds: false)
    let first = try await shop.json("sandbox settings")
    #expect(first["after_retries"] == "cancel")
    let set = try await shop.json("sandbox settings --retry-days 1,2 --after-retries unpaid")
    #expect(set["retry_days"] == [1, 2] && set["after_retries"] == "unpaid")
    #expect(try await shop.json("sandbox settings") == set)
  }
}
