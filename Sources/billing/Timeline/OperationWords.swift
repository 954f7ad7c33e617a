import Basics
import BillingCore

/// An operation as it was asked for, in words: `subscribe (plan team, quantity 3)`.
enum OperationWords {
  static func of(_ operation: BillingOperation) -> String {
    let asked = words(of: operation)
    let sentence = operation.command + (asked.isEmpty ? "" : " (\(asked.joined(separator: ", ")))")
    switch operation.state {
    case .done: return sentence
    case .failed: return "\(sentence) failed: \(operation.error?.message ?? "not done")"
    case .prepared, .sent, .unknown: return "\(sentence): not known yet whether it was done"
    }
  }

  /// What the meaning says beside the customer, whose timeline it is.
  private static func words(of operation: BillingOperation) -> [String] {
    let text = operation.meaning.dropFirst(operation.command.count + 1)
    let object = (try? JSON(parsing: String(text)))?.object ?? [:]
    return words(of: object).filter { !$0.isEmpty }
  }

  private static func words(of object: JSONObject) -> [String] {
    object.flatMap { key, value -> [String] in
      let name = key.split(separator: "_").joined(separator: " ")
      switch value {
      case _ where key == "customer", .null, .bool(false): return []
      case .bool(true): return [name]
      case .object(let inner): return words(of: inner)
      default: return ["\(name) \(Cell(value).text)"]
      }
    }
  }
}
