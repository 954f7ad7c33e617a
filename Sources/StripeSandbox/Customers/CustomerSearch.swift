import Basics

/// `GET /v1/customers/search`: clauses on `email`, `name`, `phone` and `metadata`, all of which
/// must hold.
///
/// Stripe's index lags behind by up to a minute; the sandbox's does not.
enum CustomerSearch {
  /// One clause: `email:'a@b.c'`, `metadata["plan"]:"pro"`, `-name~"x"`.
  struct Clause: Hashable {
    var field: String
    var metadataKey: String?
    var value: String
    /// `~`: the field contains the value.
    var isSubstring = false
    /// A leading `-`.
    var isNegated = false

    func matches(_ customer: JSONObject) -> Bool {
      let found =
        metadataKey.map { customer.object("metadata")?.string($0) }
        ?? customer.string(field)
      let (text, wanted) = (found?.lowercased(), value.lowercased())
      let holds = isSubstring ? text?.contains(wanted) ?? false : text == wanted
      return holds != isNegated
    }
  }

  static func run(_ call: Call) throws -> JSON {
    let clauses = try clauses(of: call.string("query") ?? "")
    let limit = Int(try call.page { _ in 0 }.limit)
    guard let skipped = Int(call.string("page") ?? "0"), skipped >= 0 else {
      throw SandboxError.invalid("Invalid page token.", parameter: "page")
    }
    let found = try call.all("customer").filter { customer in
      clauses.allSatisfy { $0.matches(customer) }
    }
    let rest = found.dropFirst(skipped)
    let hasMore = rest.count > limit
    return [
      "object": "search_result", "data": .array(rest.prefix(limit).map { .object($0) }),
      "has_more": .bool(hasMore),
      "next_page": hasMore ? .string(String(skipped + limit)) : .null,
      "url": .string(call.path),
    ]
  }

  static func clauses(of query: String) throws(SandboxError) -> [Clause] {
    var (rest, clauses) = (query[...], [Clause]())
    let pattern =
      /\s*(-?)(email|name|phone|metadata)(?:\[(?:'([^']*)'|"([^"]*)")\])?\s*(:|~)\s*/
      .ignoresCase()
    while true {
      guard let match = rest.prefixMatch(of: pattern)?.output else { throw malformed(query) }
      rest = rest[match.0.endIndex...]
      let key = (match.3 ?? match.4).map { String($0) }
      guard (key != nil) == (match.2.lowercased() == "metadata"),
        let value = quoted(&rest)
      else { throw malformed(query) }
      clauses.append(
        Clause(
          field: match.2.lowercased(), metadataKey: key, value: value,
          isSubstring: match.5 == "~", isNegated: !match.1.isEmpty))
      rest = rest.drop { $0 == " " }
      if rest.isEmpty { return clauses }
      guard let and = rest.prefixMatch(of: /and\s+/.ignoresCase()) else { throw malformed(query) }
      rest = rest[and.range.upperBound...]
    }
  }

  /// Takes a text in single or double quotes; a backslash keeps the character after it.
  private static func quoted(_ rest: inout Substring) -> String? {
    guard let quote = rest.popFirst(), quote == "'" || quote == "\"" else { return nil }
    var text = ""
    while let character = rest.popFirst() {
      if character == quote { return text }
      if character == "\\", let next = rest.popFirst() {
        text.append(next)
      } else {
        text.append(character)
      }
    }
    return nil
  }

  private static func malformed(_ query: String) -> SandboxError {
    .invalid(
      """
      We were unable to parse your search query. Try using the format `metadata["key"]:"value"` \
      to query for metadata or key:"value" to query for other fields.
      """, parameter: "query")
  }
}
