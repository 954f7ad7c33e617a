/// The path of an operation as its decoded segments, so that an id can never leave its own.
package struct StripePath: Sendable, Hashable {
  package let segments: [String]

  /// `StripePath("customers", id)` is `/v1/customers/{id}`.
  package init(_ segments: String...) { self.segments = ["v1"] + segments }

  package init(segments: [String]) { self.segments = segments }

  /// False where a segment is empty, `.` or `..`: such a path would name another operation.
  package var isValid: Bool {
    segments.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= 500 }
  }
}

extension StripePath: CustomStringConvertible {
  /// The path with each segment percent-encoded (RFC 3986, all but unreserved characters).
  package var description: String {
    segments.map { "/" + FormEncoding.percentEncoded($0) }.joined()
  }
}
