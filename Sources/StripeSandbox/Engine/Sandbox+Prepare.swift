import Basics
import Synchronization

extension Sandbox {
  /// The largest body that is taken.
  static let maximumBodyBytes = 1 << 20

  /// Everything about a request that can be refused before the store is opened.
  func prepare(_ request: SandboxRequest) throws(SandboxError) -> PreparedRequest {
    try Authentication.check(request)
    let name = request.header("Stripe-Version")
    let version = name.flatMap { APIVersion($0) }
    if let name, version == nil {
      throw .unknownVersion(name)
    }
    let parts = request.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = String(parts[0])
    let method = request.method.uppercased()
    guard let segments = Self.segments(of: path),
      let match = router.match(method: method, segments: segments)
    else { throw .unknownURL(method: method, path: path) }
    return PreparedRequest(
      match: match, path: path, version: version,
      form: try form(of: request, query: parts.dropFirst().first),
      idempotencyKey: try key(of: request, method: method),
      fingerprint: fingerprint(of: request, query: parts.dropFirst().first))
  }

  /// What an idempotency key stands for: the parameters, wherever they are.
  private func fingerprint(of request: SandboxRequest, query: Substring?) -> String {
    let given = query.map { Array("\($0)&".utf8) } ?? []
    return Hex.encode(Hash.sha256(given + request.body))
  }

  /// The decoded segments of a path; nil where an encoding is broken.
  private static func segments(of path: String) -> [String]? {
    guard path.first == "/" else { return nil }
    var segments: [String] = []
    for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let decoded = segment.contains("%") ? percentDecoded(segment) : String(segment) else {
        return nil
      }
      segments.append(decoded)
    }
    return segments
  }

  private static func percentDecoded(_ text: Substring) -> String? {
    try? Form.decoded(text.utf8.filter { $0 != UInt8(ascii: "+") })
  }

  private func form(
    of request: SandboxRequest, query: Substring?
  ) throws(SandboxError) -> Form {
    guard request.body.count <= Self.maximumBodyBytes else {
      throw .invalid("The request body is larger than 1 MiB.", status: 413)
    }
    let type = request.header("Content-Type")?.lowercased() ?? ""
    guard
      request.body.isEmpty || type.isEmpty || type.hasPrefix("application/x-www-form-urlencoded")
    else {
      throw .invalid(
        """
        Invalid request: the Content-Type of the request must be \
        application/x-www-form-urlencoded, but it is \(type.prefix(100)).
        """)
    }
    var bytes = Array((query ?? "").utf8)
    if !bytes.isEmpty, !request.body.isEmpty { bytes.append(UInt8(ascii: "&")) }
    return try Form(parsing: bytes + request.body)
  }

  /// The idempotency key of a POST; other methods need none, so that theirs does nothing.
  private func key(
    of request: SandboxRequest, method: String
  ) throws(SandboxError) -> String? {
    guard method == "POST", let key = request.header("Idempotency-Key"), !key.isEmpty else {
      return nil
    }
    guard key.count <= 255 else {
      throw SandboxError(
        status: 400, type: .idempotency,
        message: "Idempotency keys can have up to 255 characters; yours has \(key.count).")
    }
    return key
  }

  /// Runs `body` unless a request with the same key is being carried out in this process. Between
  /// processes the store's lock makes the second wait, and then it finds the first one's answer.
  func withKey<Value>(_ key: String?, _ body: () throws -> Value) throws -> Value {
    guard let key else { return try body() }
    guard keysInUse.withLock({ $0.insert(key).inserted }) else {
      throw SandboxError.keyInUse(key)
    }
    defer { _ = keysInUse.withLock { $0.remove(key) } }
    return try body()
  }
}

extension KeptAnswer {
  /// Refuses a key that was first used for something else.
  func check(_ request: PreparedRequest, key: String) throws(SandboxError) {
    guard endpoint == request.endpoint else {
      throw SandboxError(
        status: 400, type: .idempotency,
        message: """
          Keys for idempotent requests can only be used for the same endpoint they were first \
          used for ('\(path)' vs '\(request.path)'). Try using a key other than '\(key)' if you \
          meant to execute a different request.
          """)
    }
    guard fingerprint == request.fingerprint else {
      throw SandboxError(
        status: 400, type: .idempotency,
        message: """
          Keys for idempotent requests can only be used with the same parameters they were first \
          used with. Try using a key other than '\(key)' if you meant to execute a different \
          request.
          """)
    }
  }

  private var path: Substring { endpoint.drop { $0 != " " }.dropFirst() }
}

extension SandboxError {
  static func unknownVersion(_ name: String) -> SandboxError {
    .invalid(
      """
      Invalid Stripe API version: \(name). You can learn more about versions at \
      https://stripe.com/docs/api/versioning.
      """)
  }

  static func unknownURL(method: String, path: String) -> SandboxError {
    .invalid(
      """
      Unrecognized request URL (\(method): \(path)). Please see https://stripe.com/docs or we can \
      help at https://support.stripe.com/.
      """, status: 404)
  }

  /// Stripe has the operation; the sandbox does not have it yet.
  static func notBuilt(_ endpoint: String) -> SandboxError {
    .invalid("The sandbox does not offer this operation of Stripe: \(endpoint).", status: 404)
  }

  static func keyInUse(_ key: String) -> SandboxError {
    SandboxError(
      status: 409, type: .idempotency,
      message: """
        There is currently another in-progress request using this Stripe-Idempotency-Key: \(key). \
        Please try again later.
        """, code: "idempotency_key_in_use")
  }

  /// Another process holds the store.
  static let locked = SandboxError(
    status: 429, type: .invalidRequest,
    message: """
      This object cannot be accessed right now because another API request or Stripe process is \
      currently accessing it. If you see this error intermittently, retry the request.
      """, code: "lock_timeout")
}
