import Testing

extension Tag {
  /// One piece by itself, in memory.
  @Tag static var unit: Self
  /// Several pieces together, files included.
  @Tag static var integration: Self
}
