import Basics

/// Turns what is stored into what is shown: private members and hidden properties go, and what
/// `expand` names is put in.
///
/// A member whose name begins with `_` is private to the sandbox and never shown.
///
/// Objects are shown in the layout of a version.
struct Rendering {
  let call: Call
  private let changes: [VersionChange]

  init(call: Call, version: APIVersion = .current) {
    self.call = call
    changes = VersionChanges.since(version)
  }

  /// The deepest path that `expand` may name.
  static let maximumDepth = 4

  /// What `expand` names, as a tree of its paths.
  struct Tree {
    var children: [String: Tree] = [:]

    mutating func insert(_ steps: ArraySlice<String>) {
      guard let first = steps.first else { return }
      children[first, default: Tree()].insert(steps.dropFirst())
    }
  }

  /// The value without private and hidden members and with nothing expanded.
  func plain(_ value: JSON) -> JSON {
    guard let plain = try? render(value, Tree(), of: nil, at: "") else { return value }
    return plain
  }

  /// The value with these paths expanded.
  ///
  /// - Parameter returns: what the operation answers with, as the facts write it: `price`,
  ///   `list:price`.
  func expanded(_ value: JSON, paths: [String], returns: String) throws -> JSON {
    var tree = Tree()
    for path in paths {
      let steps = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard steps.count <= Self.maximumDepth else {
        throw SandboxError.invalid(
          """
          You cannot expand more than \(Self.maximumDepth) levels of a property. Property: \(path)
          """, code: "property_expansion_max_depth", parameter: "expand")
      }
      try check(steps, returns: returns, path: path)
      tree.insert(steps[...])
    }
    return try render(value, tree, of: nil, at: "")
  }
}

// MARK: Versions

extension Rendering {
  private func type(_ name: String) -> ResourceType {
    VersionChanges.type(call.registry.type(name), changes)
  }

  /// An object as the version knew it.
  private func layout(of object: JSONObject, _ name: String) throws -> JSONObject {
    var object = object
    for change in changes { try change.objects[name]?(&object, call) }
    return object
  }
}

// MARK: Checking

extension Rendering {
  /// Refuses a path that names nothing that can be expanded, whatever the objects hold.
  private func check(_ steps: [String], returns: String, path: String) throws {
    var rest = steps[...]
    var type = self.type(String(returns.split(separator: ":").last ?? ""))
    if returns.contains(":") {
      guard rest.first == "data" else {
        throw SandboxError.invalid(
          """
          This property cannot be expanded (\(path)). You may want to try expanding \
          'data.\(path)' instead.
          """)
      }
      rest.removeFirst()
    }
    var prefix = ""
    while let step = rest.popFirst() {
      prefix += prefix.isEmpty ? step : ".\(step)"
      if let expansion = type.expandable[prefix] {
        guard let inner = expansion.type else {
          guard rest.isEmpty else { throw refusal(path) }
          return
        }
        type = self.type(inner)
        prefix = ""
        if rest.first == "data", type.expandable["data"] == nil { rest.removeFirst() }
        if rest.isEmpty { return }
      } else if !type.expandable.keys.contains(where: { $0.hasPrefix("\(prefix).") }) {
        throw refusal(path)
      }
    }
    throw refusal(path)
  }

  private func refusal(_ path: String) -> SandboxError {
    .invalid("This property cannot be expanded (\(path)).")
  }
}

// MARK: Rendering

extension Rendering {
  private func render(
    _ value: JSON, _ tree: Tree, of type: ResourceType?, at prefix: String
  ) throws -> JSON {
    switch value {
    case .array(let elements):
      return .array(try elements.map { try render($0, tree, of: type, at: prefix) })
    case .object(let object):
      return .object(try render(object, tree, of: type, at: prefix))
    default:
      return value
    }
  }

  private func render(
    _ stored: JSONObject, _ tree: Tree, of outer: ResourceType?, at outerPrefix: String
  ) throws -> JSONObject {
    var (type, prefix, object) = (outer, outerPrefix, stored)
    if let name = stored["object"]?.string {
      // An event keeps the layout in which it was made.
      guard name != "event" else { return stored }
      let own = self.type(name)
      (type, prefix, object) = (own, "", try layout(of: own.current(stored, call.now), name))
    }
    let absent = changes.reduce(into: Set<String>()) {
      $0.formUnion($1.added[type?.name ?? ""] ?? [])
    }
    var members: [(String, JSON)] = []
    for (key, value) in object where !key.hasPrefix("_") {
      let path = prefix.isEmpty ? key : "\(prefix).\(key)"
      if absent.contains(path) { continue }
      let subtree = tree.children[key]
      switch type?.expandable[path] {
      case .hidden?:
        guard subtree != nil else { continue }
        members.append((key, try render(value, Tree(), of: type, at: path)))
      case .reference(let target)?:
        let shown = try subtree.map { try resolve(value, target, $0) } ?? value
        members.append((key, shown))
      case .computed?:
        continue
      case .embedded?, nil:
        members.append((key, try render(value, subtree ?? Tree(), of: type, at: path)))
      }
    }
    members += try computed(object, tree, of: type, at: prefix)
    return JSONObject(uniqueKeysWithValues: members)
  }

  private func resolve(_ value: JSON, _ type: String, _ tree: Tree) throws -> JSON {
    switch value {
    case .string(let id):
      guard let object = try call.store.object(type: type, id: id) else { return value }
      return .object(try render(object, tree, of: nil, at: ""))
    case .array(let elements):
      return .array(try elements.map { try resolve($0, type, tree) })
    default:
      return try render(value, tree, of: nil, at: "")
    }
  }

  private func computed(
    _ object: JSONObject, _ tree: Tree, of type: ResourceType?, at prefix: String
  ) throws -> [(String, JSON)] {
    guard let type else { return [] }
    return try tree.children.sorted { $0.key < $1.key }.compactMap { key, subtree in
      let path = prefix.isEmpty ? key : "\(prefix).\(key)"
      guard case .computed(_, let compute)? = type.expandable[path] else { return nil }
      return (key, try render(try compute(call, object), subtree, of: type, at: path))
    }
  }
}
