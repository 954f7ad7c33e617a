/// Finds the operation of a method and a path.
struct Router: Sendable {
  struct Match {
    let method: String
    /// With `{id}` for what varies.
    let template: String
    let pathIDs: [String]
    /// nil where Stripe has the operation and the sandbox does not.
    let operation: Operation?
  }

  private let operations: [String: Operation]
  /// The known paths by their number of segments.
  private let templates: [Int: [[Substring]]]

  init(_ operations: [Operation]) {
    self.operations = Dictionary(
      operations.map { ("\($0.method) \($0.path)", $0) }, uniquingKeysWith: { first, _ in first })
    var paths = Set(operations.map { $0.path })
    for known in APIFacts.operations {
      if let path = known.split(separator: " ").last { paths.insert(String(path)) }
    }
    templates = Dictionary(
      grouping: paths.sorted().map { $0.split(separator: "/") }, by: { $0.count })
  }

  /// The operation of a path whose segments are already decoded.
  func match(method: String, segments: [String]) -> Match? {
    var best: Match?
    for template in templates[segments.count] ?? [] where fits(segments, template) {
      let path = "/" + template.joined(separator: "/")
      let operation = operations["\(method) \(path)"]
      guard operation != nil || APIFacts.has(method: method, path: path) else { continue }
      let ids = zip(template, segments).filter { $0.0 == "{id}" }.map { $0.1 }
      // A path that says more in words wins: /v1/invoices/create_preview over /v1/invoices/{id}.
      if let best, best.pathIDs.count <= ids.count { continue }
      best = Match(method: method, template: path, pathIDs: ids, operation: operation)
    }
    return best
  }

  private func fits(_ segments: [String], _ template: [Substring]) -> Bool {
    zip(segments, template).allSatisfy { $0 == $1 || ($1 == "{id}" && !$0.isEmpty) }
  }
}
