import Basics
import Testing

@testable import StripeSandbox

/// What only older versions take, they take, and the current one refuses.
@Suite struct RemovedParametersTests {
  /// What the sandbox does not carry out for any version, with the reason.
  private static let refused: [String: String] = [
    "line_items.[].dynamic_tax_rates": "no taxes", "link": "cards only", "naver_pay": "cards only",
    "naver_pay.funding": "cards only",
    "payment_method_options.us_bank_account.preferred_settlement_speed": "cards only",
  ]

  @Test(.tags(.unit)) func areDeclaredForTheVersionsThatHaveThem() throws {
    let acacia = try #require(APIVersion("2024-11-20.acacia"))
    for line in RemovedParametersText.operations.split(separator: "\n") {
      let words = line.split(separator: "\t").map(String.init)
      guard let operation = Resources.registry.operations.first(where: { $0.name == words[0] })
      else { continue }
      let facts = try #require(
        APIFacts.operation(method: operation.method, path: operation.path))
      let old = VersionChanges.facts(of: operation.name, facts, in: acacia)
      for path in words.dropFirst() where Self.refused[path] == nil {
        let steps = path.split(separator: ".").map(String.init)
        #expect(old.parameters.has(steps[...]), "\(operation.name) \(path)")
        #expect(!facts.parameters.has(steps[...]), "\(operation.name) \(path)")
      }
    }
  }
}

extension ParameterSchema {
  /// Whether something is declared at a path.
  fileprivate func has(_ path: ArraySlice<String>) -> Bool {
    guard let step = path.first else { return true }
    return switch self {
    case .anyOf(let choices): choices.contains { $0.has(path) }
    case .array(let element): step == "[]" && element.has(path.dropFirst())
    case .object(let fields, _): fields[step]?.has(path.dropFirst()) ?? false
    default: false
    }
  }
}
