/// As much of what was found as a list is to show: the first of it, with `--limit`.
struct ListPage<Element> {
  let shown: [Element]
  let hasMore: Bool

  /// - Parameter found: all, or one more than the limit.
  init(_ found: [Element], limit: Int?) {
    shown = Array(found.prefix(limit ?? found.count))
    hasMore = found.count > shown.count
  }
}
