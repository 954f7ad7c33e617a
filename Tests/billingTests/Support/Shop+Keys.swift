import Basics
import Foundation
import Testing

@testable import billing

extension Shop {
  /// A customer with a key, and the key.
  func key(_ words: String = "", email: String = "ada@example.com") async throws -> JSON {
    if try await json("customer list --email \(email)")["data"] == [] {
      _ = try await json("customer create --email \(email)")
    }
    return try await json("apikey create \(email) \(words)")
  }

  /// What is decided on a text that claims to be a key; the exit code agrees with it.
  func verify(_ key: String, _ words: String = "") async throws -> JSON {
    let result = await world.run("--sandbox --quiet --json apikey verify \(words)", input: key)
    let decision = try JSON(parsing: result.output)
    #expect(result.errors == "")
    #expect(result.exit == (decision["valid"] == true ? .done : .denied))
    #expect(decision.object?.keys == ContractTests.keyDecision)
    return decision
  }

  /// That a secret stands in no file of this world.
  func expectNowhere(_ secret: String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: world.directory) {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: world.directory + "/" + name))
      #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
    }
  }
}
