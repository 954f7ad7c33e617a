extension CatalogueReader {
  /// Beyond this a limit might as well be `unlimited`.
  private static let maximumLimit: Int64 = 1_000_000_000_000_000

  func limits(_ fields: YAMLFields, _ scope: CatalogueScope) -> [Limit] {
    YAMLFields.members(fields.node("limits"), "`limits` of \(fields.what)", log: log).compactMap {
      limit($0, scope)
    }
  }

  private func limit(_ member: YAMLNode.Member, _ scope: CatalogueScope) -> Limit? {
    let isFlow = scope.meters.contains(member.key)
    guard case .mapping = member.value.content else {
      guard let maximum = allowance(member.value, "limit \(member.key)") else { return nil }
      return Limit(id: member.key, maximum: maximum.value, window: isFlow ? .period : nil)
    }
    guard
      let fields = YAMLFields(
        member.value, "limit \(member.key)", keys: ["max", "per"], log: log)
    else { return nil }
    let maximum = fields.required("max").flatMap { allowance($0, "`max`") }
    let window = fields.choice("per", Limit.Window.self)
    if !isFlow, fields.node("per") != nil {
      log.add(
        fields.mark("per"),
        "limit \(member.key) is not named like a meter, so it is a level and takes no `per`")
    }
    return Limit(
      id: member.key, maximum: maximum?.value ?? 0, window: isFlow ? window ?? .period : nil)
  }

  /// A number, or `unlimited`, which is nil.
  private func allowance(_ node: YAMLNode, _ name: String) -> (value: Int64?, mark: TextMark)? {
    if node.scalar == .text("unlimited") { return (nil, node.mark) }
    guard case .integer = node.scalar else {
      log.add(node.mark, "\(name) must be a whole number or unlimited, not \(node.words)")
      return nil
    }
    return YAMLFields.integer(node, name, 0...Self.maximumLimit, log: log).map { ($0, node.mark) }
  }

  func features(_ fields: YAMLFields) -> [Feature] {
    let members = YAMLFields.members(
      fields.node("features"), "`features` of \(fields.what)", log: log)
    return members.compactMap { member in
      feature(member.value, member.key).map { Feature(id: member.key, value: $0) }
    }
  }

  private func feature(_ node: YAMLNode, _ id: String) -> Feature.Value? {
    switch (node.content, node.scalar) {
    case (.sequence(let elements), _):
      let words = elements.compactMap {
        YAMLFields.text($0, "an element of feature \(id)", maximum: 100, log: log)
      }
      return .list(words)
    case (_, .flag(let value)): return .flag(value)
    case (_, .text(let text)) where text.count <= 200: return .text(text)
    case (_, .text(let text)):
      log.add(node.mark, "feature \(id) must have at most 200 characters, not \(text.count)")
    default:
      log.add(
        node.mark, "feature \(id) must be true, false, a text or a list of texts, not \(node.words)"
      )
    }
    return nil
  }

  func api(_ fields: YAMLFields) -> APIAllowance? {
    let keys = ["rate_limit_per_minute", "monthly_quota"]
    guard let node = fields.node("api"),
      let own = YAMLFields(node, "`api` of \(fields.what)", keys: keys, log: log)
    else { return nil }
    let values = keys.map { key in
      own.required(key).flatMap { allowance($0, "`\(key)`") }
    }
    return APIAllowance(
      rateLimitPerMinute: values[0]?.value, monthlyQuota: values[1]?.value)
  }
}
