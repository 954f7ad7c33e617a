import Basics

/// An answer that is an error, in the words and the layout of Stripe.
struct SandboxError: Error, Hashable {
  var status: Int
  var type: Kind
  var message: String
  var code: String?
  var parameter: String?
  var declineCode: String?
  var adviceCode: String?
  /// Further members of the error body: `charge`, `payment_intent`, `payment_method` ….
  var extras = JSONObject()
  /// What the handler wrote before it failed stays written (a declined payment leaves its traces).
  var keepsChanges = false

  enum Kind: String {
    case invalidRequest = "invalid_request_error"
    case card = "card_error"
    case idempotency = "idempotency_error"
    case api = "api_error"
  }

  /// Whether the answer is kept under its idempotency key. What was refused before it began (wrong
  /// parameters, wrong key, a conflict) is not, so that the key can be used again.
  var isKept: Bool { status == 402 || status >= 500 }
}

// MARK: Making

extension SandboxError {
  /// The request cannot be carried out as it stands.
  static func invalid(
    _ message: String, code: String? = nil, parameter: String? = nil, status: Int = 400
  ) -> SandboxError {
    SandboxError(
      status: status, type: .invalidRequest, message: message, code: code, parameter: parameter)
  }

  /// There is no object of this id: 404 where the id stands in the path, 400 in a parameter.
  static func missing(
    _ label: String, id: String, parameter: String = "id", status: Int = 404
  ) -> SandboxError {
    .invalid(
      "No such \(label): '\(id)'", code: "resource_missing", parameter: parameter, status: status)
  }

  static func missingParameter(_ name: String) -> SandboxError {
    .invalid("Missing required param: \(name).", code: "parameter_missing", parameter: name)
  }

  static func unknownParameter(_ name: String) -> SandboxError {
    .invalid("Received unknown parameter: \(name)", code: "parameter_unknown", parameter: name)
  }

  static func emptyParameter(_ name: String) -> SandboxError {
    .invalid(
      """
      You passed an empty string for '\(name)'. We assume empty values are an attempt to unset a \
      parameter; however '\(name)' cannot be unset. You should remove '\(name)' from your request \
      or supply a non-empty value.
      """, code: "parameter_invalid_empty", parameter: name)
  }

  /// An id or a name chosen by the caller is taken.
  static func alreadyExists(_ label: String) -> SandboxError {
    .invalid("\(label) already exists.", code: "resource_already_exists")
  }

  static func unauthorized(_ message: String) -> SandboxError {
    SandboxError(status: 401, type: .invalidRequest, message: message)
  }

  /// A card was refused: HTTP 402.
  static func card(
    _ message: String, code: String, declineCode: String? = nil, adviceCode: String? = nil,
    parameter: String? = nil, extras: JSONObject = [:], keepsChanges: Bool = false
  ) -> SandboxError {
    SandboxError(
      status: 402, type: .card, message: message, code: code, parameter: parameter,
      declineCode: declineCode, adviceCode: adviceCode, extras: extras, keepsChanges: keepsChanges)
  }

  /// A fault of the sandbox itself.
  static let unexpected = SandboxError(
    status: 500, type: .api,
    message: "An unknown error occurred in the sandbox while it worked on the request.")
}

extension SandboxError {
  /// The same error where the parameter has another name than for the operation that found it.
  func renamed(_ name: (String) -> String) -> SandboxError {
    guard let parameter else { return self }
    var renamed = self
    renamed.parameter = name(parameter)
    renamed.message = message.split(separator: parameter, omittingEmptySubsequences: false)
      .joined(separator: name(parameter))
    return renamed
  }
}

// MARK: The body

extension SandboxError {
  /// The error body, its members in alphabetical order as Stripe sends them.
  func body(requestID: String?) -> JSON {
    var members: [(String, JSON)] = [
      ("message", .string(message)), ("type", .string(type.rawValue)),
    ]
    if let requestID {
      let log = "https://dashboard.stripe.com/test/logs/\(requestID)"
      members.append(("request_log_url", .string(log)))
    }
    if let code {
      let page = code.split(separator: "_").joined(separator: "-")
      members.append(("code", .string(code)))
      members.append(("doc_url", .string("https://stripe.com/docs/error-codes/\(page)")))
    }
    if let parameter { members.append(("param", .string(parameter))) }
    if let declineCode { members.append(("decline_code", .string(declineCode))) }
    if let adviceCode { members.append(("advice_code", .string(adviceCode))) }
    members += extras.map { ($0.key, $0.value) }
    members.sort { $0.0 < $1.0 }
    return ["error": .object(JSONObject(uniqueKeysWithValues: members))]
  }
}
