import Basics

/// Basil: a list does not tell how many objects there are in all; before, it did where `expand`
/// named `total_count`.
enum ListsAreCounted {
  static let path = "total_count"

  /// The list with the number of all its objects, which the operation counts page by page.
  static func counted(_ list: JSON, _ operation: Operation, _ call: Call) throws -> JSON {
    guard var object = list.object else { return list }
    var parameters = call.parameters
    for name in ["starting_after", "ending_before", "expand"] { parameters[name] = nil }
    parameters["limit"] = 100
    var count: Int64 = 0
    var page: JSON = .null
    repeat {
      page = try operation.run(call.calling(parameters, on: call.pathIDs.last))
      let objects = page["data"]?.array ?? []
      count += Int64(objects.count)
      parameters["starting_after"] = objects.last?["id"] ?? .null
    } while page["has_more"] == true
    object[path] = .integer(count)
    return .object(object)
  }
}
