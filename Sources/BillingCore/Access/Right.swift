package import Basics

/// How much of a limit, or what of a feature, a customer may have.
package enum Right: Sendable, Hashable {
  case limit(Limit)
  /// Nil where the plan does not name the feature.
  case feature(Feature.Value?)

  /// Whether so many more than `used` are allowed.
  package func allows(_ asked: Int64 = 1, moreThan used: Int64) -> Bool {
    switch self {
    case .limit(let limit): limit.maximum.map { asked <= $0 && used <= $0 - asked } ?? true
    case .feature(let value): value.map { Feature(id: "", value: $0).isOn } ?? false
    }
  }
}

extension Catalogue {
  /// Every limit and feature that any plan names, sorted.
  package var rightIDs: [String] { Set(limitIDs + featureIDs).sorted() }

  /// What a plan gives of a limit or feature; of a limit that it does not name nothing. Nil for what
  /// no plan names.
  package func right(_ id: String, on plan: Plan?) -> Right? {
    if let limit = plan?.limit(id) { return .limit(limit) }
    if let feature = plan?.feature(id) { return .feature(feature.value) }
    if let limit = plans.lazy.compactMap({ $0.limit(id) }).first {
      return .limit(Limit(id: id, maximum: 0, window: limit.window))
    }
    return featureIDs.contains(id) ? .feature(nil) : nil
  }

  /// A right with a customer's own value in place of the plan's. A value that no longer fits what
  /// the catalogue says of the feature does not count.
  package func right(_ right: Right, replacedBy own: JSON) -> Right? {
    switch (right, own) {
    case (.limit(let limit), .integer(let maximum)):
      .limit(Limit(id: limit.id, maximum: maximum, window: limit.window))
    case (.limit(let limit), .string("unlimited")):
      .limit(Limit(id: limit.id, maximum: nil, window: limit.window))
    case (.limit, _): nil
    case (.feature, .bool(let value)): .feature(.flag(value))
    case (.feature, .string(let text)): .feature(.text(text))
    case (.feature, .array(let elements)):
      .feature(.list(elements.compactMap { $0.string }))
    case (.feature, _): nil
    }
  }

  /// A word as a value of a limit or feature, typed by what the plans say of it; nil where it is
  /// none.
  package func ownValue(_ word: String, of id: String) -> JSON? {
    if limitIDs.contains(id) {
      if word == "unlimited" { return .string(word) }
      let isNumber = !word.isEmpty && word.utf8.allSatisfy { (0x30...0x39).contains($0) }
      return isNumber ? Int64(word).map(JSON.integer) : nil
    }
    let values = plans.compactMap { $0.feature(id)?.value }
    let isFlag = values.contains { if case .flag = $0 { true } else { false } }
    let isList = values.contains { if case .list = $0 { true } else { false } }
    let isText = values.contains { if case .text = $0 { true } else { false } }
    if isFlag, let flag = ["true": true, "false": false][word] { return .bool(flag) }
    if isList { return .array(word.split(separator: ",").map { .string(String($0)) }) }
    return isText ? .string(word) : nil
  }
}
