import Testing

extension Tag {
  @Tag static var unit: Self
  @Tag static var integration: Self
}
