import Basics

// MARK: Lists

extension Call {
  /// One page of the objects of a type, as the parameters `limit`, `starting_after`,
  /// `ending_before` and `created` ask for.
  ///
  /// - Parameter matching: indexed properties with the value that they must have; nil where the
  ///   caller set no filter.
  func list(_ type: String, matching: [String: JSON?] = [:]) throws -> JSON {
    let conditions = matching.compactMap { key, value in value.map { (key, [$0]) } }
    return try list(type, anyOf: Dictionary(uniqueKeysWithValues: conditions))
  }

  /// The same, with several values of which a property must have one.
  ///
  /// - Parameter includesClocks: whether what lives on test clocks is shown, whatever is asked for.
  func list(
    _ type: String, anyOf conditions: [String: [JSON]], includesClocks: Bool = false
  ) throws -> JSON {
    var query = ObjectQuery(type: type, conditions: conditions.map { ($0.key, $0.value) })
    query.created = try createdRange()
    // What lives on a test clock is shown to those who ask for it.
    query.includesClocks = includesClocks || clock != nil
    let page = try page { cursor in
      guard let sequence = try store.sequence(type: type, id: cursor.id) else {
        throw SandboxError.missing(
          registry.type(type).label, id: cursor.id, parameter: cursor.parameter, status: 400)
      }
      return sequence
    }
    (query.before, query.after, query.limit) = (page.before, page.after, page.limit + 1)
    return listObject(try store.objects(query), page: page)
  }

  /// A list that holds all of `elements`, for what is not looked up in the store.
  func list(of elements: [JSON], url: String, hasMore: Bool = false) -> JSON {
    [
      "object": "list", "data": .array(elements), "has_more": .bool(hasMore), "url": .string(url),
    ]
  }
}

/// The part of a list that is asked for.
struct Page {
  var limit: Int
  var before: Int64?
  var after: Int64?
}

extension Call {
  /// Reads `limit` and the cursors; `sequence` finds the place of a cursor's object.
  func page(
    _ sequence: (_ cursor: (parameter: String, id: String)) throws -> Int64
  ) throws -> Page {
    let limit = integer("limit") ?? 10
    guard limit >= 1 else {
      throw SandboxError.invalid(
        "This value must be greater than or equal to 1.", code: "parameter_invalid_integer",
        parameter: "limit")
    }
    guard limit <= 100 else {
      throw SandboxError.invalid(
        "This value must be less than or equal to 100.", code: "parameter_invalid_integer",
        parameter: "limit")
    }
    let (older, newer) = (string("starting_after"), string("ending_before"))
    if older != nil, newer != nil {
      throw SandboxError.invalid(
        "You cannot specify both `starting_after` and `ending_before` parameters.")
    }
    return Page(
      limit: Int(limit), before: try older.map { try sequence(("starting_after", $0)) },
      after: try newer.map { try sequence(("ending_before", $0)) })
  }

  /// The list object of what was found: one more than the page holds tells that there is more.
  func listObject(_ found: [JSONObject], page: Page) -> JSON {
    let shown = found.prefix(page.limit).map { JSON.object($0) }
    return list(
      of: page.after == nil ? shown : shown.reversed(), url: path,
      hasMore: found.count > page.limit)
  }

  /// Reads `created`: a moment, or its bounds.
  func createdRange() throws -> ObjectQuery.CreatedRange {
    var range = ObjectQuery.CreatedRange()
    if let moment = integer("created") { return .init(from: moment, to: moment) }
    guard let bounds = object("created") else { return range }
    if let bound = bounds["gte"]?.integer { range.from = max(range.from, bound) }
    if let bound = bounds["gt"]?.integer { range.from = max(range.from, bound &+ 1) }
    if let bound = bounds["lte"]?.integer { range.to = min(range.to, bound) }
    if let bound = bounds["lt"]?.integer { range.to = min(range.to, bound &- 1) }
    return range
  }
}
