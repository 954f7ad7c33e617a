import Basics
import Synchronization

/// What Stripe declares of one operation: its parameters and what it answers with.
struct OperationFacts: Sendable {
  let parameters: ParameterSchema
  /// The type of the answer: `price`, `list:price`.
  let returns: String
}

/// The declared type of a parameter.
indirect enum ParameterSchema: Sendable, Hashable {
  case string, integer, boolean, number, decimalString, map
  case enumeration([String])
  case array(ParameterSchema)
  case object([String: ParameterSchema], required: [String])
  case anyOf([ParameterSchema])
}

/// The operations of the API as the official SDK declares them.
///
/// The text has a line for each operation; a line is parsed when its operation is called for the
/// first time.
enum APIFacts {
  /// Whether Stripe has such an operation.
  static func has(method: String, path: String) -> Bool { lines["\(method) \(path)"] != nil }

  /// Every operation: `POST /v1/products`.
  static var operations: [String] { lines.keys.map { String($0) }.sorted() }

  static func operation(method: String, path: String) -> OperationFacts? {
    let name = "\(method) \(path)"
    if let facts = parsed.withLock({ $0[name] }) { return facts }
    guard let facts = lines[name[...]].flatMap({ OperationFacts($0) }) else { return nil }
    parsed.withLock { $0[name] = facts }
    return facts
  }

  /// The operations that were called already.
  private static let parsed = Mutex<[String: OperationFacts]>([:])

  /// The lines by their first column.
  private static let lines: [Substring: Substring] = {
    let lines = APIFactsText.operations.utf8.split(separator: UInt8(ascii: "\n"))
    return Dictionary(
      lines.map { line in
        (Substring(line.prefix { $0 != UInt8(ascii: "\t") }), Substring(line))
      }, uniquingKeysWith: { first, _ in first })
  }()
}

extension OperationFacts {
  /// Reads a line: the operation, what it returns, its parameters.
  fileprivate init?(_ line: Substring) {
    let columns = line.split(separator: "\t", maxSplits: 2)
    guard columns.count == 3, let json = try? JSON(parsing: String(columns[2])),
      let schema = ParameterSchema(json)
    else { return nil }
    self.init(parameters: schema, returns: String(columns[1]))
  }
}

extension ParameterSchema {
  /// Reads how `make-api-facts.py` writes a type: a simple one by its name, the others as an
  /// object.
  init?(_ json: JSON) {
    switch json {
    case "string": self = .string
    case "integer": self = .integer
    case "boolean": self = .boolean
    case "number": self = .number
    case "decimal_string": self = .decimalString
    case "map": self = .map
    default:
      if let values = json["enum"]?.array {
        self = .enumeration(values.compactMap { $0.string })
      } else if let element = json["array"].flatMap({ ParameterSchema($0) }) {
        self = .array(element)
      } else if let choices = json["any"]?.array {
        self = .anyOf(choices.compactMap { ParameterSchema($0) })
      } else if let fields = json["object"]?.object {
        let pairs = fields.compactMap { key, value in ParameterSchema(value).map { (key, $0) } }
        let required = json["required"]?.array?.compactMap { $0.string } ?? []
        self = .object(Dictionary(uniqueKeysWithValues: pairs), required: required)
      } else {
        return nil
      }
    }
  }
}
